"""The press as others cite it: names of agencies, papers and broadcasters in the watched languages.

Promise: names only, a line an outlet (an indented one goes on), its domain last after "@"; of each
script the first name is the one that a citation carries. What the catalogue knows comes on top.
"""

from __future__ import annotations

from collections.abc import Iterator

PRESS = """
The New York Times|New York Times|NYT|뉴욕타임스|뉴욕타임즈|뉴욕 타임스|Нью-Йорк таймс
  |ニューヨーク・タイムズ|ニューヨークタイムズ|纽约时报|紐約時報|@nytimes.com
The Wall Street Journal|Wall Street Journal|WSJ|월스트리트저널|월스트리트 저널|Уолл-стрит джорнал
  |ウォール・ストリート・ジャーナル|华尔街日报|華爾街日報|@wsj.com
The Washington Post|Washington Post|WP|워싱턴포스트|워싱턴 포스트|Вашингтон пост
  |ワシントン・ポスト|华盛顿邮报|華盛頓郵報|@washingtonpost.com
Reuters|Reutera|Reutersa|Рейтер|Ройтерс|Рейтерс|로이터|ロイター|路透社|路透|@reuters.com
Associated Press|The Associated Press|AP|Ассошиэйтед Пресс|AP통신|AP 통신|AP通信|美联社|美聯社
  |@apnews.com
AFP|Agence France-Presse|Агентство Франс Пресс|Франс Пресс|AFP통신|AFP 통신|AFP通信|フランス通信
  |法新社|@afp.com
Bloomberg|Bloomberg News|Блумберг|블룸버그|ブルームバーグ|彭博社|彭博|@bloomberg.com
CNN|CNN방송|美国有线电视新闻网|@cnn.com
Financial Times|The Financial Times|FT|파이낸셜타임스|파이낸셜 타임스|Файнэншл таймс
  |フィナンシャル・タイムズ|金融时报|金融時報|@ft.com
The Economist|Economist|이코노미스트|Экономист|エコノミスト|经济学人|經濟學人|@economist.com
The Guardian|Guardian|가디언|ガーディアン|卫报|衛報|@theguardian.com
The Times|Times of London|The Times of London|더타임스|더 타임스|タイムズ紙|泰晤士报|泰晤士報
  |@thetimes.com
The Telegraph|Daily Telegraph|The Daily Telegraph|텔레그래프|テレグラフ|每日电讯报
  |@telegraph.co.uk
The Independent|Independent|인디펜던트|独立报|@independent.co.uk
BBC|BBC News|Би-би-си|Бі-бі-сі|BBC방송|英国广播公司|英国放送協会|@bbc.com
Sky News|스카이뉴스|スカイニューズ|天空新闻|@news.sky.com
Politico|폴리티코|ポリティコ|政客|@politico.com
Axios|악시오스|アクシオス|阿克西奥斯|@axios.com
NBC News|NBC|NBC뉴스|NBC방송|@nbcnews.com
CBS News|CBS|CBS뉴스|@cbsnews.com
ABC News|ABC|ABC뉴스|ABC방송|@abcnews.go.com
Fox News|폭스뉴스|福克斯新闻|FOXニュース|@foxnews.com
NPR|National Public Radio|@npr.org
USA Today|USA투데이|@usatoday.com
Los Angeles Times|LA Times|LA타임스|洛杉矶时报|@latimes.com
Newsweek|뉴스위크|Ньюсуик|ニューズウィーク|新闻周刊|@newsweek.com
Foreign Policy|포린폴리시|外交政策|@foreignpolicy.com
Foreign Affairs|포린어페어스|外交事务|@foreignaffairs.com
The Diplomat|더디플로맷|ディプロマット|外交学者|@thediplomat.com
Radio Free Asia|RFA|자유아시아방송|Радио Свободная Азия|自由アジア放送|自由亚洲电台|自由亞洲電台
  |@rfa.org
Voice of America|VOA|미국의소리|미국의 소리|Голос Америки|ボイス・オブ・アメリカ|美国之音|美國之音
  |@voanews.com
Radio Free Europe|Radio Free Europe/Radio Liberty|RFE/RL|Радио Свобода|Радіо Свобода|自由欧洲电台
  |@rferl.org
38 North|38노스|38ノース|北纬38度|@38north.org
NK News|NK Pro|NK뉴스|NKニュース|NK新闻|@nknews.org
Daily NK|데일리NK|데일리 NK|デイリーNK|每日朝鲜|@dailynk.com
Yonhap|Yonhap News|Yonhap News Agency|연합뉴스|연합통신|Ёнхап|Рёнхап|Йонхап|聯合ニュース|聯合通信
  |韩联社|韓聯社|@yna.co.kr
Newsis|뉴시스|Ньюсис|ニューシス|纽西斯|@newsis.com
News1|뉴스1|@news1.kr
Chosun Ilbo|The Chosun Ilbo|조선일보|Чосон ильбо|朝鮮日報|朝鲜日报|@chosun.com
JoongAng Ilbo|Korea JoongAng Daily|중앙일보|Чунан ильбо|中央日報|中央日报|@joongang.co.kr
Dong-A Ilbo|The Dong-A Ilbo|동아일보|Тона ильбо|東亜日報|东亚日报|東亞日報|@donga.com
Hankyoreh|The Hankyoreh|한겨레|한겨레신문|Хангёре|ハンギョレ|韩民族日报|@hani.co.kr
Korea Herald|The Korea Herald|코리아헤럴드|韩国先驱报|@koreaherald.com
Korea Times|The Korea Times|코리아타임스|韩国时报|@koreatimes.co.kr
Maeil Business Newspaper|매일경제|Мэиль кёнджэ|毎日経済新聞|每日经济|@mk.co.kr
KBS|KBS방송|韓国放送公社|韩国广播公司|@kbs.co.kr
MBC|MBC방송|文化放送|@imbc.com
SBS|SBS방송|@sbs.co.kr
JTBC|@jtbc.co.kr
YTN|@ytn.co.kr
TV Chosun|TV조선|@tvchosun.com
KCNA|Korean Central News Agency|조선중앙통신|조선중앙통신사|ЦТАК
  |Центральное телеграфное агентство Кореи|朝鮮中央通信|朝鲜中央通讯社|朝鮮中央通訊社|朝中社
  |中央通信社|@kcna.kp
Rodong Sinmun|Rodong Shinmun|노동신문|로동신문|Нодон синмун|Нодон сінмун|Нодон Синмун|労働新聞
  |劳动新闻|勞動新聞|@rodong.rep.kp
Korean Central Television|KCTV|조선중앙TV|조선중앙텔레비전|Центральное телевидение Кореи
  |朝鮮中央テレビ|朝鲜中央电视台|朝鮮中央電視台
Uriminzokkiri|우리민족끼리|Уриминчжокири|わが民族同士|我们民族之间
Choson Sinbo|조선신보|Чосон синбо|朝鮮新報|朝鲜新报|@chosonsinbo.com
TASS|ITAR-TASS|타스통신|타스 통신|타스|이타르타스|ТАСС|ИТАР-ТАСС|タス通信|タス|塔斯社|俄塔社
  |@tass.ru|@tass.com
RIA Novosti|RIA|РИА Новости|РИА «Новости»|리아노보스티|리아 노보스티|RIA노보스티|リアノーボスチ
  |RIAノーボスチ|俄新社|@ria.ru
Interfax|Интерфакс|Інтерфакс|인테르팍스|인터팍스|インタファクス|インテルファクス|国际文传电讯社
  |国际文传|國際文傳電訊社|@interfax.ru
Izvestia|Известия|Известий|Известиям|Известиями|Известиях|이즈베스티야|이즈베스티아|イズベスチヤ
  |消息报|@iz.ru
Kommersant|Коммерсантъ|Коммерсант|Ъ|코메르산트|コメルサント|生意人报|@kommersant.ru
Vedomosti|Ведомости|Ведомостям|Ведомостей|베도모스티|ベドモスチ|新闻报|@vedomosti.ru
RBC|РБК|RBK|РБК-Украина|РБК-Україна|@rbc.ru
Rossiyskaya Gazeta|Российская газета|Российской газете|Российской газеты|로시스카야 가제타
  |俄罗斯报|@rg.ru
Komsomolskaya Pravda|Комсомольская правда|Комсомольской правде|콤소몰스카야 프라우다|共青团真理报
  |@kp.ru
Nezavisimaya Gazeta|Независимая газета|Независимой газете|Независимой газеты|독립신문|@ng.ru
Novaya Gazeta|Новая газета|Новой газете|Новой газеты|노바야 가제타|ノーバヤ・ガゼータ|新报
  |@novayagazeta.ru
Lenta.ru|Лента.ру|@lenta.ru
Gazeta.Ru|Газета.Ru|Газета.ру|@gazeta.ru
Meduza|Медуза|Медузе|Медузы|Медузой|메두자|メドゥーザ|@meduza.io
The Insider|Insider|인사이더|@theins.ru
The Moscow Times|Moscow Times|모스크바 타임스|莫斯科时报|@themoscowtimes.com
Rossiya 1|Россия 1|Россия-1
Rossiya 24|Россия 24|Россия-24|俄罗斯24台|@vesti.ru
Channel One|Первый канал|Первому каналу|제1채널
Zvezda|Звезда|즈베즈다|ズベズダ|红星电视台|@tvzvezda.ru
Sputnik|Спутник|스푸트니크|스푸트니크통신|スプートニク|卫星通讯社|俄罗斯卫星通讯社
  |@sputniknews.com
RT|Russia Today|今日俄罗斯|@rt.com
Xinhua|Xinhua News Agency|신화통신|신화사|Синьхуа|Сіньхуа|新華社|新华社|@xinhuanet.com|@news.cn
Global Times|The Global Times|환구시보|글로벌타임스|Глобал таймс|Хуаньцю шибао|環球時報|环球时报
  |@globaltimes.cn
People's Daily|인민일보|Жэньминь жибао|人民日報|人民日报|@people.com.cn
CCTV|China Central Television|중국중앙TV|央视|央視|中国中央电视台|中央电视台|@cctv.com
China News Service|中新社|中新网|中国新闻社|중국신문사|@chinanews.com
South China Morning Post|SCMP|사우스차이나모닝포스트|Саут Чайна морнинг пост
  |サウスチャイナ・モーニング・ポスト|南华早报|南華早報|@scmp.com
The Paper|澎湃新闻|澎湃新聞|@thepaper.cn
Phoenix TV|凤凰卫视|鳳凰衛視|봉황TV|@ifeng.com
Kyodo News|Kyodo|교도통신|교도 통신|Киодо|Кёдо|共同通信|共同通信社|共同社|@kyodonews.net
Jiji Press|Jiji|지지통신|Дзидзи пресс|時事通信|时事社|時事社|@jiji.com
NHK|NHK방송|日本放送協会|日本广播协会|日本放送协会|@nhk.or.jp
Nikkei|Nikkei Asia|니혼게이자이신문|닛케이|Никкэй|日本経済新聞|日経新聞|日経|日本经济新闻|日經新聞
  |@nikkei.com
Asahi Shimbun|The Asahi Shimbun|Asahi|아사히신문|Асахи|朝日新聞|朝日新闻|@asahi.com
Yomiuri|Yomiuri Shimbun|The Yomiuri Shimbun|요미우리신문|요미우리|Йомиури|Ёмиури|読売新聞|读卖新闻
  |讀賣新聞|@yomiuri.co.jp
Mainichi|Mainichi Shimbun|The Mainichi|마이니치신문|Майнити|毎日新聞|每日新闻|@mainichi.jp
Sankei Shimbun|Sankei|산케이신문|Санкэй|産経新聞|产经新闻|@sankei.com
Tokyo Shimbun|도쿄신문|東京新聞|东京新闻|@tokyo-np.co.jp
Japan Times|The Japan Times|재팬타임스|日本时报|@japantimes.co.jp
Deutsche Welle|Deutschen Welle|DW|도이체벨레|Немецкая волна|Немецкой волне|Німецька хвиля
  |ドイチェ・ヴェレ|德国之声|德國之聲|@dw.com
Spiegel|Der Spiegel|슈피겔|Шпигель|シュピーゲル|明镜|明镜周刊|@spiegel.de
Frankfurter Allgemeine Zeitung|FAZ|F.A.Z.|프랑크푸르터 알게마이네|法兰克福汇报|@faz.net
Süddeutsche Zeitung|Süddeutschen Zeitung|SZ|쥐트도이체차이퉁|南德意志报|@sueddeutsche.de
Handelsblatt|한델스블라트|Хандельсблатт|商报|@handelsblatt.com
Die Welt|Welt am Sonntag|디벨트|世界报|@welt.de
Die Zeit|Zeit Online|디차이트|时代周报|@zeit.de
Bild|Bild-Zeitung|Bild am Sonntag|빌트|图片报|@bild.de
dpa|DPA|Deutsche Presse-Agentur|DPA통신|德新社|@dpa.com
Le Monde|au Monde|du Monde|르몽드|Ле Монд|Монд|ル・モンド|@lemonde.fr
Le Figaro|au Figaro|du Figaro|르피가로|Фигаро|フィガロ|费加罗报|@lefigaro.fr
Libération|리베라시옹|解放报|@liberation.fr
France 24|프랑스24|Франс 24|フランス24|法国24|法兰西24|@france24.com
EFE|Efe|EFE통신|埃菲社|@efe.com
El País|엘파이스|Эль Паис|国家报|@elpais.com
El Mundo|엘문도|@elmundo.es
ANSA|Ansa|안사통신|安莎社|@ansa.it
Corriere della Sera|코리에레델라세라|晚邮报|@corriere.it
PAP|Polska Agencja Prasowa|Польское агентство печати
Gazeta Wyborcza|Газета выборча|@wyborcza.pl
Ukrinform|Укринформ|Укрінформ|우크린폼|ウクルインフォルム|乌克兰国家通讯社|@ukrinform.net
  |@ukrinform.ua
Ukrainska Pravda|Українська правда|Української правди|Українській правді|Украинская правда
  |Украинской правде|우크라인스카 프라우다|ウクラインスカ・プラウダ|乌克兰真理报|@pravda.com.ua
Suspilne|Суспільне|Суспільному|Суспільного|Суспильне|수스필네|ススピーリネ|@suspilne.media
Kyiv Independent|The Kyiv Independent|키이우인디펜던트|키이우 인디펜던트
  |キーウ・インディペンデント|基辅独立报|基輔獨立報|@kyivindependent.com
Kyiv Post|키이우포스트|キーウ・ポスト|基辅邮报|@kyivpost.com
UNIAN|УНИАН|УНІАН|우니안|乌通社|@unian.ua
Interfax-Ukraine|Интерфакс-Украина|Інтерфакс-Україна|@interfax.com.ua
Al Jazeera|Aljazeera|알자지라|Аль-Джазира|Аль-Джазіра|アルジャジーラ|半岛电视台|半島電視台
  |@aljazeera.com
Anadolu Agency|Anadolu|아나돌루|Анадолу|アナドル通信|阿纳多卢通讯社|@aa.com.tr
Institute for the Study of War|ISW|전쟁연구소|미국 전쟁연구소|Институт изучения войны
  |Інститут вивчення війни|戦争研究所|战争研究所|@understandingwar.org
Bellingcat|벨링캣|Беллингкэт|ベリングキャット|@bellingcat.com
"""


def press_lines() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give each outlet's names and its domains."""
    for line in PRESS.replace("\n  |", "|").strip().split("\n"):
        parts = line.split("|")
        names = tuple(part for part in parts if not part.startswith("@"))
        yield names, tuple(part[1:] for part in parts if part.startswith("@"))
