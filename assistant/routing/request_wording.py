"""The words that tell what is wanted of a text, in English, Chinese, Spanish, Portuguese, German
and French: that it be shortened, sorted into labels, or looked into.

Regular expressions over casefolded text.
"""

from __future__ import annotations

import re

SHORTEN = re.compile(
    r"\bsummar(?:y|ies|i[sz]\w*)\b|\bsum (?:it|this|that|the|these|my|up|everything)\b|\btl;?dr\b"
    r"|\b(?:gist|synopsis|digest|recaps?|abstract|takeaways?|upshot|bottom line|cheat sheet)\b"
    r"|\b(?:condense|shorten|boil|distil|compress|trim|abridge|cut|reduce|brief|bullet)\b"
    r"|\b(?:key|main|most important|core) (?:\w+ )?(?:points?|ideas?|messages?|statements?"
    r"|arguments?|sentences|findings)\b"
    r"|\b(?:in (?:short|brief|a nutshell)|(?:in|to) (?:one|two|three|a few|\d+)"
    r" (?:words|sentences?|lines|bullets)|short version|highlights|too long|essence|essentials)\b"
    r"|总结|概括|摘要|概述|概要|要点|大意|提炼|浓缩|精简|缩[短写成到减]|压缩|归纳|梳理|简而言之|简短|简要"
    r"|[两几三一]句话|太长|重点|核心|亮点|精华|梗概|中心思想|主要(?:观点|论点|意思|内容|思想)"
    r"|\bres[uú]m\w*|\bsíntesis\b|\bs[ií]nte(?:se|tiz\w*)\b|\b(?:acort|conden[sc]|recort|reduc)\w*"
    r"|\b(?:ideas|puntos|pontos|argumentos|frases) (?:clave|principales|principais|más importantes"
    r"|mais importantes)\b|\bideias[- ](?:chave|principais)\b|\blo (?:esencial|más destacado)\b"
    r"|\bo (?:essencial|principal)\b|\ben (?:breve|resumen|pocas palabras|una frase|dos frases)\b"
    r"|\bem (?:resumo|poucas palavras|uma frase|duas frases)\b|\b(?:encurt|enxug|reduz)\w*"
    r"|zusammen(?:fass|zufass)\w*|\bfass\w*\b.*\bzusammen\b|\bkurz(?:fassung|gefasst| gesagt)\b"
    r"|\b(?:kürz|verkürz|verdicht|komprimier)\w*|\bkern(?:aussage|punkt|gedanke|botschaft)\w*"
    r"|\b(?:hauptpunkt|hauptaussage|hauptargument|stichpunkt)\w*|\bdas (?:wesentliche|wichtigste)\b"
    r"|\bin (?:kürze|einem satz|zwei sätzen|drei sätzen|wenigen worten)\b|\binhaltsangabe\b"
    r"|\b(?:raccourci|condens|synthéti|abrèg|abrég|rédui)\w*|\bsynthèse\b|\bl['’]essentiel\b"
    r"|\b(?:idées|points|arguments|phrases) (?:clés?|principa\w+|essentiels?|les plus importantes)\b"
    r"|\ben (?:bref|une phrase|deux mots|deux lignes|quelques mots|deux phrases)\b|\btemps forts\b"
)
SORT = re.compile(
    r"\b(?:classif\w+|categor\w+|label(?:led|s)?|labels?|tag(?:s|ged)?|sentiment|spam|toxic"
    r"|tone|genre|priority|sarcastic|clickbait|fact or opinion|which (?:topic|department|folder))\b"
    r"|\b(?:positive|negative|neutral)\b|\b(?:sort|put|file|divide|group)\b.*\b(?:into|under|in)\b"
    r"|分类|归类|归到|归为|分成|分到|标签|标注|标成|类别|哪一?类|情感|情绪|垃圾(?:邮件|短信|信息)|正面|负面|褒义"
    r"|贬义|好评|差评|语气|体裁|优先级|事实还是|属于"
    r"|\b(?:clasific\w+|classifi\w+|etiquet\w+|rotul\w+|categoría|sentimient\w+|sentiment\w+)\b"
    r"|\b(?:positiv[oae]|negativ[oae]|neutr[oae]l?|gênero|género|tono|tom|prioridad\w*)\b"
    r"|\b(?:klassifi\w+|kategori\w+|etikett\w*|stimmung|einordn\w+|einstuf\w+|ordne|stufe"
    r"|positiv|negativ|priorität|abteilung)\b"
    r"|\b(?:class(?:e|er|ement)|étiquet\w+|catégori\w+|positi(?:f|ve)|négati(?:f|ve)|ton|priorité"
    r"|range|trie)\b"
)
_OPTION = r"[^\s,;:?!.，、。：？！；]+(?:[ '’-][^\s,;:?!.，、。：？！；]+){0,3}"
_EITHER = r"(?:or|ou|oder|o|u)"
CHOICE = re.compile(
    rf"\b{_OPTION},? {_EITHER} {_OPTION}\s*(?:[?:.]|$)|{_OPTION}, {_OPTION},? (?:{_EITHER}|and|y|e"
    rf"|et|und) {_OPTION}|: ?{_OPTION}, {_OPTION}|还是|[^\s，、。：？！]+(?:、[^\s，、。：？！]+)+"
    r"|[^\s，、。：？！/]{1,6}/[^\s，、。：？！/]{1,6}|\w+ / \w+|是不是|\bor not\b|\bou non\b"
    r"|\b(?:o|ou) n[ãa]?o\b|\boder nicht\b"
)
"""One of several is to be chosen: "a or b", "a, b or c", "a、b、c", "a还是b"."""
MATERIAL = re.compile(
    r"\b(?:attach\w*|pasted|below|above|following|this (?:text|article|paper|report|letter|document"
    r"|e?mail|message|file|page|thread|chapter|essay|pdf|one)|the (?:text|attach\w*|transcript))\b"
    r"|\b[\w-]+\.(?:pdf|docx?|txt|md|pptx?|xlsx?|csv|html?|epub|srt|vtt|po|odt)\b"
    r"|附件|附上|附图|粘贴|下面|以下|上面|以上|这[篇份段封本些]|这个(?:文件|文档|pdf)|原文|全文"
    r"|\b(?:adjunt\w+|anex\w+(?! \w\b)|peg(?:ué|ado)|col(?:ei|ado)|(?:de )?abajo|abaixo|siguiente|seguinte"
    r"|est[ea] (?:texto|artículo|artigo|informe|relatório|carta|documento|correo|archivo|arquivo"
    r"|e-?mail|pdf))\b|\b(?:deste|desta|neste|nesta|desse) \w+"
    r"|\b(?:angehäng\w+|(?:anhang|anlage)(?! \w\b)|eingefügt\w*|unten|folgende\w*|diese[nrsm]? (?:text|artikel"
    r"|bericht|brief|dokument\w*|mail|datei|seite|kapitel\w*|protokoll\w*))\b"
    r"|\b(?:joint\w*|collé\w*|ci-dessous|ci-dessus|suivant\w*|qui suit|pièce jointe"
    r"|ce(?:tte|t)? (?:texte|article|rapport|lettre|document|mail|fichier|page|chapitre|pdf))\b"
)
"""It is about a text that came with the message."""
PAPERS = re.compile(
    r"\b(?:receipts?|letters?|bill|statement|payslip|deed|will|clauses?|minutes|brochure|guide"
    r"|instructions|syllabus|proposal|quote|offer|terms|readme|docs|log|audit|survey|study|trial"
    r"|authors?|researchers|thesis|figure \d+|e?mails?|folder|glossary|iban|fine print|paragraph)\b"
    r"|收据|小票|来信|信[里上]|账单|工资单|房产证|遗嘱|条款|宣传册|指南|大纲|提案|报价|邮件里|日志|审计|调查|研究"
    r"|作者|论文|图\d|文件夹|术语表|附录|第.{1,4}[条章节页段]|规定|原文|单[里上]|书[里上]|笔记"
    r"|\b(?:recibos?|nota fiscal|cartas?|nómina|holerite|escritura|testamento|cláusulas?|folleto"
    r"|instrucciones|instruções|programa|propuesta|proposta|presupuesto|orçamento|términos|termos"
    r"|estudio|estudo|ensayo|ensaio|autor\w*|tesis|tese|figura \d+|tabl?a \d+|tabela \d+|correo"
    r"|carpeta|pasta|glosario|glossário|reglamento|regulamento|anexo|edital|bula|sentencia)\b"
    r"|\b(?:belege?|quittung\w*|briefs?|abrechnung|testament|klauseln?|broschüre|folien|plan"
    r"|angebot\w*|antrag|studie|autoren?|verfasser|arbeit|abbildung|tabelle|mails?|ordner|glossar"
    r"|ziffer|paragraph|absatz|satzung|ordnung|gutachten|notiert|aufgeschrieben|heft)\b"
    r"|\b(?:reçus?|tickets? de caisse|lettre|fiche de paie|acte|testament|clauses?|brochure|notice"
    r"|guide|programme|proposition|devis|conditions|étude|essai|auteurs?|thèse|figure \d+|diapos"
    r"|mails?|dossier|glossaire|règlement|annexe|jugement|noté|police)\b"
)
"""Kinds of papers and parts of them, beside those that are documents anywhere."""
OWN = re.compile(
    r"\b(?:my|our)\b|\b(?:did|have|do|where|what) i (?:\w+ )?(?:writ\w+|wrote|note\w*|mention\w*)"
    r"|我(?:的|们的|写|记|存|添|给你)|\b(?:mis?|nuestr\w+|meus?|minhas?|noss\w+)\b"
    r"|\b(?:mein\w*|unser\w*)\b|\b(?:mon|mes|ma|notre|nos)\b"
)
EVERYDAY = re.compile(
    r"\b(?:remind|alarm|timer|turn (?:on|off|up|down)|play|call|text|calendar|schedule|shopping list"
    r"|to-?do list|uber|taxi|flight|hotel|weather|traffic|bank|account|balance|card|paycheck"
    r"|transfer|reservation|book (?:a|me)|restaurant|volume|song|music|lights?)\b"
    r"|提醒|闹钟|倒计时|打开|关[上掉灯]|播放|放首|打电话|日程|待办|购物清单|叫[辆个]车|航班|酒店|天气|堵车|银行"
    r"|账户|余额|信用卡|工资|转账|订[个张]|餐厅|音量|空调"
    r"|\b(?:recuérdame|me lembra\w*|alarma|despertador|temporizador|lista de (?:la )?compras?|cuenta"
    r"|conta|saldo|tarjeta|cartão|vuelo|voo|hotel|tráfico|volumen|canción|música|luz|luces|reserva)\b"
    r"|\b(?:erinner\w*|wecker|timer|einkaufsliste|konto|karte|gehalt|flug|hotel|stau|lied|musik"
    r"|licht|lauter|leiser|reservier\w*|taxi)\b"
    r"|\b(?:rappelle|réveil|minuteur|liste de courses|compte|carte|salaire|vol|hôtel|chanson"
    r"|musique|lumière|réserve|annule)\b"
)
"""What one asks a helper at home for: reminders, banking, travel, lights and music."""
GRAMMAR = re.compile(
    r"\b(?:conjugat\w+|grammar|verbs?|tense|plural|pronunciation|dialect|accent|alphabet|characters"
    r"|spelling|rhym\w+|synonyms?|antonym)\b|变位|语法|动词|时态|复数|发音|近义词|反义词|错别字|病句|押韵"
    r"|\b(?:conjug\w+|gramática|verbo|ortografía|ortografia|plural|acento|sotaque|sinónimo|sinônimo"
    r"|antónimo|antônimo|rima)\b|\b(?:konjugier\w*|grammatik|mehrzahl|dialekt|synonym|reimt"
    r"|genitiv)\b|\b(?:grammaire|verbe|subjonctif|pluriel|orthographe|synonyme|rime)\b"
)
HOW_TO = re.compile(
    r"\bhow (?:do|can|should|could|would|to|might) ?(?:i|we|you|one|people)?\b|\bhow to\b"
    r"|怎[么样](?!说|讲|写的|规定|定|总结|翻)|如何|咋[办做弄]|\bcómo (?:se|puedo|hago|hacer|\w+o)\b"
    r"|\bcomo (?:se|posso|faço|fazer|eu|\w+o)\b|\bwie (?:\w+e|kann|macht|mache) (?:ich|man)\b"
    r"|\bcomment (?:\w+er|\w+ir|\w+re|faire|puis-je|je|on)\b"
)
DEFINES = re.compile(
    r"\bwhat(?:'s| is| are| does)? (?:an?|the difference|the meaning|the definition)\b|什么是"
    r"|是什么(?:意思)?[？?]?$|有(?:什么|哪些|啥)?(?:区别|不同)|\bqué (?:es|son) (?:una?|el|la)\b"
    r"|\bo que (?:é|são) (?:uma?|o|a)\b|\bwas (?:ist|sind) (?:eine?|der unterschied)\b"
    r"|\bqu['’]est-ce qu['’]un|\bdifference\b|\bdiferen(?:ça|cia)\b|\bunterschied\b|\bdifférence\b"
)
INSIDE = re.compile(
    r"\b(?:say|says|said|state[sd]?|mention(?:s|ed)?|written|list(?:s|ed)?|according to|as per"
    r"|per the|from the|in (?:the|my|our|this|that)|on (?:the|my|page))\b"
    r"|[里中上](?:面|头|边)?(?:[写说提讲规]|有没有|的|怎么|是|哪|多|对|，)|写了|写着|提到|规定|列了|按|根据|照着|依"
    r"|\b(?:dicen?|menciona|pone|figura|consta|según|en (?:el|la|los|las|mi|mis)|del|de la)\b"
    r"|\b(?:diz|dizem|menciona|consta|segundo|d?n[oa]s?|n[oa]s? meus?|pel[oa]s?)\b"
    r"|\b(?:steht|stehen|erwähnt|nennt|laut|im|in (?:der|den|dem|meine\w)|auf (?:der|dem)|gemäß)\b"
    r"|\b(?:dit|disent|mentionne|indique|figure|selon|d['’]après|dans (?:l[ea]s?|mon|ma|mes)|du)\b"
)
TOWARDS = re.compile(
    r"(?:\b(?:into|to|in|ins|auf|aufs|al|en|em|para o|pro|vers|na)\s+(?:the\s+)?|[成用译翻]|用)$",
    re.IGNORECASE,
)
"""Stands right before a language that something is to be said in."""
