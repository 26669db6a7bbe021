"""What pages print among an article's paragraphs, in the languages of the watched press.

Promise: words only, by language, each as it stands alone on a line; how a line is held against
them is in `furniture.py`.
"""

from __future__ import annotations

# As themes and newsrooms print them; compared by letters and digits only.
LABELS = """
sorting by|sort by|source link|source|original source|read original|must read|advertisement|ad
sponsored|sponsored content|promoted|story continues below advertisement|skip advertisement
article continues below|article continues after ad|continue reading|read more|read also|also read
see also|related|back to top button|back to top|scroll to top|share this story|share this article
share this|share|share on facebook|share on twitter|share on whatsapp|tweet|print
print this article
email|e-mail|copy link|link copied|comments|no comments|leave a comment|leave a reply
add a comment
subscribe|subscribe now|sign up|sign in|log in|register|subscribe to our newsletter|save|bookmark
sign up for our newsletter|newsletter|newsletters|follow us|listen to this article|listen|loading
close|menu|previous article|next article|previous|next|view all|view comments|show more|see more
watch now|watch live|play video|pause|mute|unmute|article content|story text|more info|tags|topics
dont miss|dont miss it|key points|view image in fullscreen|show caption|hide caption
advertise with us
report this ad|report an error|correct this article|thank you for reading|font size|text size
정렬|광고|맨 위로|뉴스레터 구독|기사 공유하기|출처|원문|무단전재 및 재배포 금지|스크랩|글씨크기
무단 전재 재배포 금지|저작권자|기사 제보|댓글|공유하기|구독하기|인쇄|글자 크기|인쇄하기
글자크기 설정
본문 바로가기|이 기사를 공유합니다|페이스북|트위터|카카오톡|카카오톡 공유|url복사|url 복사|목록
이전기사|다음기사
기사듣기|뉴스듣기|좋아요|화나요|후속기사 원해요|가장 많이 본 기사|네이버 채널 구독|구독
сортировка|реклама|источник|наверх|подпишитесь на рассылку|подписаться|поделиться
поделиться в соцсетях
поделиться новостью|комментарии|оставить комментарий|распечатать|версия для печати|обсудить
ссылка на источник|на правах рекламы|подробнее|читать далее|читать полностью|отправить другу|теги
метки
смотреть|смотреть видео|слушать|вконтакте|телеграм|нравится|добавить комментарий|копировать ссылку
сортування|джерело|вгору|підпишіться на розсилку|підписатися|поділитися|коментарі|детальніше
читати далі|версія для друку|надрукувати|додати коментар|теги
並べ替え|広告|出典リンク|出典|トップへ戻る|メールマガジン登録|記事をシェア|シェア|印刷
無断転載禁止|続きを読む
この記事をシェア|シェアする|ツイート|ブックマーク|保存|コメント|この記事は有料記事です|ログイン
会員登録|拡大写真を見る
写真を拡大|前の記事|次の記事|ページの先頭へ|目次|全文を読む|記事を保存
排序|广告|廣告|来源链接|来源|來源|返回顶部|回到頂部|订阅电子报|分享本文|分享|分享到|打印|列印
责任编辑|收藏|扫一扫
我要评论|我要評論|评论|評論|發表評論|发表评论|上一篇|下一篇|上一页|下一页|字号|字體|大|中|小|转发
轉寄|关闭窗口|點讚
微信|微博|复制链接|扫描二维码|阅读全文|查看更多|更多|加入收藏|友善列印|分享至|推荐|举报
sortieren|anzeige|werbung|quelle|nach oben|newsletter abonnieren|artikel teilen|teilen|drucken
vorlesen
merken|kommentare|weiterlesen|zur startseite|artikel merken|link kopieren|mehr anzeigen
empfohlener redaktioneller inhalt
empfohlener externer inhalt|externer inhalt|artikel hören|schliessen|abo|jetzt abonnieren
publicité|partager|lire la suite|s'abonner|imprimer|commentaires|enregistrer|écouter l'article
copier le lien
publicidad|compartir|leer más|suscríbete|imprimir|comentarios|guardar|copiar enlace|escuchar
pubblicità|condividi|stampa|continua a leggere|iscriviti|commenti|udostępnij|reklama|drukuj
czytaj więcej
"""
# Above lists of other articles: what follows to the end goes too, if it reads like such a list.
RELATED = """
related articles|related stories|related news|related posts|related content|related topics|related
more articles|more stories|more news|more on this story|more from|latest article|latest articles
latest news|must read|most read|most popular|popular|trending|trending now|recommended
recent posts
recommended for you|you may also like|you might also like|read next|up next|editors picks
read also
also on|more on this topic|more in this section|other news|top stories|what to read next
keep reading
관련기사|관련 기사|관련뉴스|많이 본 뉴스|많이 본 기사|최신기사|최신 기사|추천기사|관련 뉴스
주요뉴스|다른기사 보기
인기기사|이 시각 주요뉴스|이시각 주요뉴스|실시간 주요뉴스|오늘의 핫이슈|함께 볼만한 기사
이 기사의 관련기사
читайте также|популярное|последние новости|по теме|материалы по теме|ещё по теме|еще по теме
главное|самое читаемое|новости партнёров|новости партнеров|другие новости|смотрите также
другие материалы|больше по теме|ссылки по теме|ранее на тему|читать также|новости по теме|в тему
популярне|останні новини|за темою|читайте також|інші новини|дивіться також|матеріали за темою
関連記事|関連ニュース|人気記事|最新記事|おすすめ記事|アクセスランキング|あわせて読みたい
関連リンク|こんな記事も
相关阅读|相關閱讀|相关新闻|相關新聞|相关报道|相關報導|热门文章|熱門文章|最新文章|推荐阅读|推薦閱讀
延伸阅读|延伸閱讀
相关链接|相關連結|热门新闻|熱門新聞|猜你喜欢|更多新闻|更多報導
mehr zum thema|meistgelesen|neueste artikel|lesen sie auch|das könnte sie auch interessieren
weitere artikel|mehr aus|auch interessant|à lire aussi|sur le même sujet|les plus lus
à lire également
lea también|noticias relacionadas|lo más leído|te puede interesar|leggi anche
potrebbe interessarti
les også|läs också|czytaj także|zobacz także|przeczytaj także
"""
# Begin a line that sends the reader elsewhere, before a colon, an arrow or a dash.
POINTERS = """
read more|read also|also read|see also|see more|related|watch|listen|more|read next|don.t miss
read the full story|recommended|more on this|in pictures|explainer|click here|full story
lesen sie auch|mehr zum thema|lies auch|lesen sie mehr|lire aussi|à lire aussi|lire également
lea también|leer más|le puede interesar|leggi anche|leia também|les også|läs också|czytaj także
читайте также|читай также|смотрите также|по теме|читайте|ещё по теме|ранее|читать также|подробнее
читайте також|дивіться також|за темою|관련기사|관련 기사|관련뉴스|함께 보기|더 보기
関連記事|あわせて読みたい|相关阅读|相關閱讀|相关新闻|相關新聞|延伸阅读|延伸閱讀|推荐阅读|更多
"""
# How notices begin, as regular expressions: of the publisher and of rights, of where to follow,
# subscribe and write, of what is for members.
NOTICES = r"""
follow (us|the|@\w+|[\w' ]{2,30}) on\b|sign up (for|to) (our|the|get|receive)
subscribe to (our|the|get)
click here (to|for)\b|(have|got) a (news )?(tip|story)\b|download (the|our)|our standards:
get (the latest|all the latest|breaking|our)\b.*(inbox|app|e-?mail)|all quotes delayed
this (material|article) may not be|do not (reproduce|sell)|the views expressed
this article (first|originally) appeared
свидетельство о регистрации|сетевое издание|зарегистрирован\w* роскомнадзор|постоянный адрес
адрес(а)? (редакци|учредител|матер)|учредител[ьи]\b|главный редактор\s*[-–—:]|оцените, пожалуйста
редакция не несет|исключительные права|(если вы )?(наш[её]?л\w+|заметил\w+) (ошибк|опечатк)
подписывайтесь|подпишитесь|підписуйтесь|підпишіться|(знайшли|помітили) помилк
при (полном или частичном )?(использовании|цитировании) материалов
(\w{2,4}|特别|免责|版权|郑重)?声明\s*[:：]|(\w{2,4})?聲明\s*[:：]|凡(本网)?注明|本文来源|本文來源
(责任|責任|实习|實習)?(编辑|編輯)\s*[:：]|(文章)?(来源|來源|資料來源|稿源)\s*[:：/]\s?\S{1,40}$
저작권자|▶|☞|※\s?(본|이|저작)|카카오톡|제보는|네이버에서|기사제보|유튜브|이 기사는
この記事は(会員|有料)|会員(限定|登録)|有料会員|残り\s?[\d,]+\s?文字|記事をマイページ
an dieser stelle (finden|befindet)|ich bin damit einverstanden|folgen sie uns
suivez[- ]nous|síguenos|sigue (toda )?la información|seguici su
"""
