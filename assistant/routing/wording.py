"""The words that give a request away, in English, Chinese, Spanish, Portuguese, German, French.

Regular expressions over casefolded text. `LEADS` and `TAILS` are what stands around the text to
translate ("could you tell me how to say … please"); they are stripped again and again.
"""

from __future__ import annotations

import re

TRANSLATE = re.compile(
    r"\btranslat(?:e|es|ed|ing|ions?|or)\b|翻译|翻譯|[译譯]|[中英法德日葡西俄韩]翻[中英法德日葡西俄韩]|翻[成为作]"
    r"|\btraduc(?:e|es|eme|ir|irlo|irme|ción|cion|ciones|tor)\b|\btradu(?:zca|cir|ce|céme|ces)\b"
    r"|\btradúce(?:me|lo|melo)?\b|\btradu(?:z|za|zir|zi|ção|cao|ções|zam|zo)\b"
    r"|\bübersetz(?:e|en|t|ung|ungen|st)?\b|\büber(?:trage|tragen)\b"
    r"|\b(?:re)?tradui(?:s|t|re|sez|sons|ts?)\b|\b(?:re)?traduction\b|\btraducteur\b"
)
SAY = re.compile(
    r"\b(?:say|says|said|call|calls|called|words?|phrases?|expressions?|pronounce|spell|greet"
    r"|slang|equivalent|terms?|means?)\b|怎么[说說讲写念表]|怎樣說|如何[说表]|怎么打招呼|叫什么|是什么意思|的.{1,3}[文语]是"
    r"|\b(?:dice|dicen|decir|digo|diría|llaman?|palabra|término|frase|despide|saluda|significa)\b"
    r"|\b(?:diz|dizem|dizer|digo|diria|chamam?|falam?|palavra|termo|cumprimenta)\b"
    r"|\b(?:sagt|sagen|sage|sag|heißt|heisst|wort|begriff|satz|nennen|nennt|bedeutet)\b"
    r"|\b(?:dit|dire|disent|dirais|dirait|mot|terme|appelle(?:nt)?|phrase|signifie)\b"
    r"|dit-on|veut dire"
)
QUESTION = re.compile(
    r"[?？]|^\W*(?:who|whom|whose|what|what's|when|where|why|which|how|is|are|was|were|do|does|did"
    r"|can|could|should|has|have|had|will|would|name the)\b"
    r"|谁|什么|何时|哪|为什么|为何|怎么|怎样|多少|几|吗|是否|如何|多久|多大|何"
    r"|^\W*(?:quién|quien|qué|que|cuándo|cuando|dónde|donde|cuál|cual|cómo|como|cuánt\w+|por qué)\b"
    r"|^\W*(?:quem|o que|quando|onde|qual|quais|quant\w+|por que|em que)\b"
    r"|^\W*(?:wer|wen|wem|was|wann|wo|warum|welche[rsnm]?|wie|wieso|woher|wohin)\b"
    r"|^\W*(?:qui|que|quoi|quand|où|quel(?:le)?s?|comment|combien|pourquoi|est-ce)\b"
)
DOCUMENTS = re.compile(
    r"\b(?:documents?|documentation|contract|agreement|lease|notes?|files?|paper|papers|pdf"
    r"|report|manual|handbook|polic(?:y|ies)|chapter|section|page|pages|article|appendix|minutes"
    r"|paperwork|invoice|specification|table \d+|passage|slides?|spreadsheet)\b"
    r"|文档|文件|文献|论文|合同|协议|笔记|资料|报告|手册|说明书|章|条款|保单|租约|附件|发票|纪要|页|文中|表\d"
    r"|\b(?:documentos?|documentación|documentação|contrato|acuerdo|acordo|notas|apuntes|archivos?"
    r"|arquivos?|ficheiros?|artículos?|artigos?|informe|relatório|manual|capítulo|página"
    r"|póliza|apólice|acta|ata|anotações|fatura|factura|papelada)\b"
    r"|\b(?:dokumente?n?|dokumentation|vertrag|vereinbarung|notizen|dateien?|bericht|anleitung"
    r"|handbuch|kapitel|seite|artikels?|unterlagen|protokoll|police|rechnung\w*)\b"
    r"|\b(?:contrat|accord|bail|fichiers?|rapport|manuel|chapitre|compte rendu|facture|papiers)\b"
)
MINE = re.compile(
    r"\b(?:according to|based on|in my|my (?:files|documents|notes|papers)|in the (?:file|document"
    r"|paper|report|contract|manual|text))\b|根据|按照|依据|我的(?:文|笔|论|资|合)|里(?:说|写|提)"
    r"|\b(?:según|segundo|de acordo com|de acuerdo con|con base en|com base)\b"
    r"|\b(?:laut|zufolge|gemäß|in meinen)\b|\b(?:selon|d['’]après|dans mes)\b"
)
PICTURE = re.compile(
    r"\b(?:pictures?|pics?|photos?|photographs?|images?|screenshots?|snapshots?|selfies?|paintings?"
    r"|drawings?|sketch|portraits?|scans?|memes?|photographed|albums?)\b"
    r"|图片|照片|图像|截图|相片|[这那]张图|图[里中上]|附图|截屏|自拍|插图|画面|[这那]幅画|画[里中上]|扫描件|这?图[：:]"
    r"|相册|图库|的图\W*$|合影|合照|全家福|(?:证件|毕业|婚纱|风景|夜景|大头|生活)照"
    r"|\b(?:\w*fotos?|fotinhas?|fotograf\w+|imagen|imágenes|imagem|imagens|capturas?|dibujos?"
    r"|desenhos?|retratos?|cuadro|pinturas?|prints?|selfie|escaneo|álbum|instantáneas?)\b"
    r"|\b(?:bild\w{0,2}|bildern|(?!vor)\w+bilder|(?:nacht|luft|nah)?aufnahmen?|bildschirmfoto"
    r"|schnappsch[uü]ss\w*|zeichnung(?:en)?|gemälden?|porträts?|abbildung(?!\s*\d))\b"
    r"|\b(?:photographi(?:es?|ée?s?)|captures?|dessins?|clichés?|instantanés|mèmes?)\b"
    r"|\bimmagin[ei]\b|写真|画像|사진|이미지|фото|картинк|изображени|صور[ةه]"
    r"|\b[\w-]+\.(?:png|jpe?g|gif|webp|bmp|tiff?|heic|avif)\b"
)
SEEKS_OTHERS = re.compile(
    r"\b(?:similar\w*|alike|resembl\w*|look-?alikes?|like (?:this|that|it|these)"
    r"|(?:same|this) (?:kind|sort|style)"
    r"|my (?:photos?|pictures?|images?|albums?|collection|library|archive|folders?)"
    r"|others?|more|duplicates?|copies|twice|already|when(?:'s)?|date|what year|which year"
    r"|parecid[oa]s?|semejantes?|semelhantes?|como (?:est[ae]|isto)|(?:otr[ao]s|más|outr[oa]s|mais)"
    r"|ya (?:est\w+|la|l[oa]s)|já (?:est\w+|tenho)|repetid\w+|duplicad\w+|duplicatas?"
    r"|cu[áa]ndo|(?:qué|que) (?:año|fecha|ano|data)|colección|carrete|coleção|acervo|álbum"
    r"|mis (?:fotos|imágenes)|minhas (?:fotos|imagens)|(?:é|de) quando|ähnlich\w*|wie diese\w*"
    r"|meinen? (?:fotos|bilder\w*)|weitere|andere\w*|(?:noch|davon) mehr|mehr davon|schon|doppelt"
    r"|duplikate?|sammlung|archiv|wann|welche[mrs]? (?:jahr|datum|tag)"
    r"|similaires?|ressembl\w*|semblables?|comme (?:celle|celui|ça)"
    r"|mes (?:photos|images|clichés)|d['’]autres|encore|déjà|doublons?|(?:en|de) double|quand"
    r"|quelle (?:année|date)|collection|photothèque"
    r"|autres (?:photos|images))\b"
    r"|\b(?:taken|shot|shoot|take|photographed|gps|coordinates|location|tom\w+|hic\w+|hech\w+|hizo"
    r"|feit[ao]s?|cámara|câmera"
    r"|sac\w+|tir\w+|aufgenommen|aufnahme\w*|gemacht|geschossen|fotografiert|pris\w*|prendre"
    r"|appareil)\b"
    r"|相似|类似|相像|差不多|像这|跟这|同类|长得像|一样的|我的(?:照片|图片|相册)|图库|相册|拍|照的|重复|别的|其他"
    r"|哪一?年|几几年|什么时候|日期|文件夹|两份"
)
"""What a message about an attached picture says that wants others, or the place it was taken."""
COUNTS_OR_FINDS = re.compile(
    r"\bhow many\b|\bcount\b|\bfind\b|\blocate\b|\bdetect\w*|\bwhere(?:'s| is| are)\b"
    r"|\bbox(?:es)?\b|\bmark\b|\bhighlight\b|\bspot\b|几[个只条辆张位名匹头]|多少|数一?[数下]|框|标[出注记]"
    r"|圈[出起]|检测|找[出到]|在哪|定位|有没有"
    r"|\bcu[áa]nt[oa]s\b|\bcuenta\b|\bencuentra\b|\bd[óo]nde\b|\bdetect[ae]\b|\bquant[oa]s\b|\bconte\b"
    r"|\bencontre\b|\bonde\b|\bwie viele\b|\bzähle?\b|\bfinde?\b|\bwo (?:ist|sind)\b|\bmarkiere?\b"
    r"|\bcombien\b|\bcompte[rz]?\b|\btrouve[rz]?\b|\boù (?:est|sont)\b|\bencadre[rz]?\b"
)
CUTS_OUT = re.compile(
    r"\bbackground\b|\bcut\b.*\bout\b|\bcut-?out\b|\bsegment\w*|\bmasks?\b|\bsilhouette\b|\boutlines?\b"
    r"|\bhow much of\b|\bisolate\b|抠|背景|分割|轮廓|蒙版|掩码|面积|占.{0,6}多[少大]"
    r"|\bfond?o\b|\brecort[ae]\b|\bm[áa]scara\b|\bhintergrund\b|\bfreistell\w*|\bumriss\b|\bmaske\b"
    r"|\barrière-plan\b|\bdétour\w+|\bdécoupe\w*|\bmasque\b"
)
TRANSCRIBES = re.compile(
    r"\btranscri\w+|\bocr\b|\btype (?:up|out)\b"
    r"|\b(?:extract|copy|get|pull|convert)\b.*\b(?:text|words|table)\b"
    r"|\bdigiti[sz]e\b|\bread (?:out|aloud|all|the (?:text|page|letter|receipt))\b"
    r"|转录|转写|抄[下写]|(?:提取|识别).*[文字]|打[成出]|转成?文字|表格"
    r"|\btranskri\w+|\btranscrev\w+|\babtippen\b|\btipp\w* .*\bab\b|\b(?:extrae|extraia|extrais)\b"
)
"""Roughly: what may be asked of an image where no classifier can tell."""
WRITES = re.compile(
    r"^\W*(?:please |can you |could you |help me |bitte |por favor |(?:请|帮我|帮忙|给我|替我)*)*"
    r"(?:write|draft|compose|create|make (?:me )?an?|design|invent|brainstorm|outline|suggest"
    r"|recommend|name (?:a|some|three|five)|give me (?:an?|some|three|five)"
    r"|写|起草|拟|编|设计|想[个一]|起[个一]|推荐|列|举"
    r"|escrib|redact|haz(?:me)?\b|inventa|dame un|recomiénda|escrev|redija|faça\b|crie\b|invente"
    r"|me dê um|recomende|sugira|schreib|verfass|entwirf|formulier|erfinde|gib mir ein|empfiehl"
    r"|nenn|écri[st]|rédige|fais(?:-moi)?\b|invente|donne-moi un|conseille|propose|cite\b)"
)
"""Something new is to be made."""
INDEFINITE = re.compile(
    r"\b(?:an?|any|some|most|good|general(?:ly)?)\b|一[份篇封本部]|一般|通常|怎[么样].{0,6}[写做]|什么(?:是|叫)"
    r"|\b(?:une?s?|unas?|uma?s?|uns|eine?n?[mrs]?|des)\b"
)
"""Things in general, not one certain thing."""
TO_THE_ASSISTANT = re.compile(
    r"\b(?:you|your|yourself|u)\b|[你您]|\b(?:tú|tu|tus|usted|eres|tienes|puedes)\b"
    r"|\b(?:você|seu|sua|te)\b|\b(?:du|dich|dir|dein\w*|bist|kannst|hast)\b"
    r"|\b(?:toi|ton|ta|tes|vous|es-tu|as-tu)\b"
)
POLITELY = re.compile(
    r"^\W*(?:please )?(?:can|could|would|will) you (?:please |kindly )?"
    r"(?:tell|show|find|check|look up|explain|say|remind)\b|^\W*do you know\b"
    r"|^\W*(?:你|您)?(?:能不能|能否|可以|能|请)(?:告诉|帮|找|查|说)|^\W*(?:你|您)知道"
    r"|^\W*(?:¿)?(?:puedes|podrías|sabes|você pode|você sabe|kannst du|könntest du|weißt du)\b"
    r"|^\W*(?:peux-tu|pouvez-vous|sais-tu|savez-vous)\b"
)
"""Politeness at the start of a question that is about something else."""
SWITCH = re.compile(
    r"\b(?:switch|change|set|speak|talk|use)\b.*\b(?:language|from now on|with me|to me)\b"
    r"|\b(?:change|switch|set) (?:to|your|the)\b|(?:改成|设为|切换|设置|以后|从现在)"
    r"|\b(?:cambia|cambiar|mude|mudar|troque|change la langue|ab jetzt|a partir de)\b"
    r"|\bsprache\b.*\bum\b|à partir de maintenant"
)
LANGUAGES_THEMSELVES = re.compile(
    r"\b(?:speaks?|spoken|speaking|learn|learning|learned|study|recipe|visa|travel|trip|flight"
    r"|weather|capital|history|food|dish|meal|restaurant|currency|sights)\b"
    r"|(?:会说|人说|官方语言|学习|学好|难学|菜|签证|首都|天气|历史|景点|货币|说什么语言)"
    r"|\b(?:hablas?|hablan|aprender|receta|visado|tiempo hace|historia|plato|comida|moneda)\b"
    r"|\b(?:falas?|l[íi]nguas?|idiomas?|receita|visto|história|prato|moeda)\b"
    r"|\b(?:sprichst|spricht|sprechen|lernen|rezept|visum|wetter|geschichte|gericht|währung)\b"
    r"|\b(?:parles?|parle|parlez|apprendre l|recette|histoire|monnaie|cuisine|plat)\b"
)

ASKS_FOR_THE_WORD = re.compile(
    r"\bhow (?:do|does|would|can|could|should|might|is|to|did)\b[^?]*"
    r"\b(?:say|said|put|call|greet)\b"
    r"|\bhow to say\b"
    r"|\b(?:the|what|which|some) (?:\w+ )?(?:word|term|phrase|expression|equivalent)s?\b"
    r"|怎么[说说讲]|如何[说表]|\bcómo se (?:dice|llama|saluda)"
    r"|\bcomo (?:se )?(?:diz|dizem|fala|falam|dice|chama)\b"
    r"|\b(?:palabra|término|palavra|termo|mot|terme)\b.*\b(?:para|pour|de)\b|\bwort für\b"
    r"|\bwie (?:sagt|sage|heißt|heisst|nennt)"
    r"|\bcomment (?:\w+ ){0,2}?(?:dit|dire|dirais|dirait|disent)"
)

LEADS: tuple[str, ...] = (
    # English
    r"(?:please|pls|hey|hi|ok|okay|so|and|now|then|just|also|kindly)\b",
    r"(?:can|could|would|will) you\b",
    r"(?:can|could|may) i (?:have|get|ask for)\b",
    r"i(?:'d| would) (?:like|love)(?: for)?(?: you)?(?: to)?\b"
    r"|i(?:'ll)? (?:want|need|wanna|wish|have to|like to)(?: for)?(?: you)?(?: to)?\b",
    r"would (?:i|you|one) use(?: to (?:say|tell (?:someone|somebody)(?: that)?))?\b",
    r"i(?:'m| am) (?:curious|wondering)(?: to know)?\b|i wonder\b|i am looking for\b",
    r"to (?:know|learn|find out)\b|(?:know|learn)\b",
    r"(?:tell|teach|show|help|give|let|get) me(?: know)?\b|do you(?: happen to)? know\b",
    r"(?:how|what)(?: (?:do|does|would|can|could|should|might|did|is|are|to|'d))?(?: [\w']+){0,3}?"
    r" (?:say|says|write|pronounce|express|call|calls)(?: (?:for|to say|when saying))?\b",
    r"(?:how|what) (?:you|i|they|one|we|to|you'd|i'd)(?: would| do| can| could| should)?"
    r" (?:say|write|express|call)\b",
    r"how (?:is|are|was)\b|how to\b|if i were(?: an?)?\b|if you were(?: an?)?\b",
    r"(?:what|which)(?:'s| is| are| would be)?(?: the)?(?: (?:correct|right|proper|best|polite"
    r"|local))?"
    r"(?: (?:words?|phrases?|expressions?|terms?|translations?|equivalents?|way|slang|version))"
    r"(?: (?:for|of|to say|that means|means|meaning|would i use to say|i would use to say))?\b",
    r"(?:the|an?) (?:(?:correct|right|proper|best|polite) )?(?:words?|translations?|way|phrase)"
    r" (?:for|of|to say)\b|the (?:way )?to say\b",
    r"what(?:'s| is| are)(?: the)?\b(?! (?:of|to|by|if|wrong)\b)|to say\b|say\b|means?\b|for\b",
    r"(?:translate|render|convert|turn|put|write|express|interpret|translation of|translating)"
    r"(?: for me)?\b",
    r"(?:the|this|these|following)(?: following)? (?:words?|sentences?|phrases?|texts?|paragraphs?"
    r"|lines?|passage|message)(?=\W*[\"'“‘«:])",
    r"the (?:words?|sentence|phrase|expression)\b|from\b(?=\s*$)|what does\b|what do\b",
    # Chinese
    r"(?:请问|请你|请|麻烦你?|帮忙|帮我|帮|能不能|能否|可以|可不可以|你能|你可以|我想知道|我想学|我想"
    r"|我要|我需要|告诉我|教我|给我|一下|如何|怎么用|怎么|那|再|用)",
    r"(?:翻译|翻譯|译|翻)(?:一下|下)?(?:成|为|作)?|把|将|(?:这|那)?(?:句话?|个词|段话|段文字)(?=[“\"：:])|的",
    r"说(?:一句)?|表达|写(?:一句)?|对应的说法|里|中|以下(?:内容)?|下面(?:这段话|的话)?(?=[：:])",
    # Spanish and Portuguese
    r"(?:por favor|oye|oi|olá|hola|e|y|ahora|agora)\b(?=\W*\S)",
    r"(?:me )?(?:puedes|podrías|puede|podría|pode|podes|poderia|você pode|você poderia)"
    r"(?: me)?\b|você\b|sabes?\b",
    r"(?:quiero|quisiera|me gustaría|necesito|quero|queria|gostaria de|preciso(?: de)?|tengo que)"
    r"(?: saber| aprender)?\b",
    r"(?:dime|dígame|me diga|diga-me|me fala|me dice|enséñame|me ensina|ensine-me|dice|di|diga)\b",
    r"(?:cómo|como)(?: (?:se|puedo|podría|podrían|posso|eu|pueden|dicen|dizem|digo|diría|diria))*"
    r"(?: (?:dice|dicen|diz|dizem|dizer|decir|dirían|fala|falam|escribe|escreve|llama|chama))?\b",
    r"(?:cuál|qual) (?:es|é) (?:la|a|el|o) (?:palabra|palavra|traducción|tradução|equivalente)"
    r"(?: \w+)? (?:para|de|a)\b",
    r"(?:qué|que) (?:palabra|palavra)(?: \w+)? significa\b|qué significa\b|o que significa\b"
    r"|(?:qué|o que) (?:es|é|quiere decir|quer dizer)\b|significa\b",
    r"(?:me )?(?:traduce|traduces|traducir|traduzca|tradúceme|tradúcelo|traduz|traduza|traduzir"
    r"|traduzes|pon|pasa|pásalo|escribe|coloque|passe|passa|escreva|decir|dizer)\b",
    r"(?:una |la |uma |a )?(?:traducción|tradução) (?:de|da|do)\b",
    r"(?:la|a|esta|essa|la siguiente|a seguinte) (?:frase|palabra|palavra|oración)(?=\W*[\"'“«:])",
    r"(?:la palabra|a palavra)(?: para)?\b|a decir\b|a dizer\b",
    # German
    r"(?:bitte|hallo|und|jetzt|nun|mal)\b(?=\W*\S)",
    r"(?:kannst|könntest|würdest) du(?: mir)?\b|(?:könnten|können) sie(?: mir)?\b|weißt du\b",
    r"ich (?:möchte|will|muss|brauche|wüsste gern|hätte gern)\b|wissen\b",
    r"(?:sag|sage|bring|gib|schreib|zeig)(?: mir)?(?: bei)?\b",
    r"wie (?:sagt|sage|heißt|heisst|schreibt|nennt|würde|kann|sagen|nennen)"
    r"(?: (?:man|ich|sie|die leute|die \w+))?\b",
    r"was (?:ist|heißt|heisst|bedeutet|sagt man für)\b|wie man\b|was\b",
    r"(?:das|ein) (?:\w+ )?wort für\b|(?:die )?übersetzung von\b",
    r"(?:übersetze|übersetz|übersetzen|übertrage|übertragen)(?: mir)?(?: das)?\b",
    r"(?:den|folgenden|diesen|das) (?:satz|wort|text|ausdruck)(?=\W*[\"'„“«:])",
    # French
    r"(?:s['’]il (?:te|vous) pla[iî]t|salut|bonjour|et|maintenant)\b(?=\W*\S)",
    r"(?:peux-tu|pouvez-vous|tu peux|pourrais-tu|pourriez-vous|sais-tu)(?: me)?\b|tu sais\b",
    r"(?:je veux|je voudrais|j['’]aimerais|j['’]ai besoin de|je dois)(?: savoir| apprendre)?\b",
    r"(?:dis-moi|dites-moi|apprends-moi(?: à)?|donne-moi|dis|me)\b",
    r"comment (?:dit-on|on dit|dire|dirais-je|disent-ils|se dit|écrit-on|s['’]appelle|dit)\b",
    r"(?:quel est|c['’]est quoi|quelle est)(?: le mot| la traduction| l['’]équivalent)?"
    r"(?: \w+)?(?: pour| de)?\b|le mot (?:\w+ )?(?:pour|de)\b",
    r"(?:que|qu['’]est-ce que) (?:veut dire|signifie)\b|que signifie\b|quel mot \w+ signifie\b",
    r"(?:traduis|traduisez|traduire|traduis-moi|mets|passe|écris|dire)(?: moi)?\b",
    r"(?:une |la )?traduction (?:de|d['’]|du)\b",
    r"(?:la|cette|le|ce) (?:phrase|mot|texte) (?:suivante?)?(?=\W*[\"'“«:])",
)
TAILS: tuple[str, ...] = (
    r",?\s*\b(?:for me|in advance|mean|called|said|translated|to me|if you can|in one word)",
    r"\s*(?:怎么[说说讲写念]|怎樣說|怎么表达|如何表达|如何说|该?怎么翻译|是什么意思|是什么|叫什么|是什么单词"
    r"|的意思是什么|什么意思|一遍|吧|呢|好吗|可以吗|一下|的|这句话|这个词|单词是什么)",
    r",?\s*\b(?:heißt|heisst|sagt|sagen|bedeutet|übersetzen|zu sagen|auf)",
)
POLITE_TAILS: tuple[str, ...] = (
    r",?\s*\b(?:please|pls|thanks|thank you|por favor|se faz favor|obrigad[oa]|gracias|bitte"
    r"|danke|s['’]il (?:te|vous) pla[iî]t|merci)",
    r"[，,\s]*(?:谢谢|吗)",
)
SAYABLE = re.compile(
    r"hi|hey|hello|please|thanks|thank you|how are you|ok|hola|gracias|por favor|olá|oi|obrigad[oa]"
    r"|hallo|danke|bitte|bonjour|salut|merci|s['’]il (?:te|vous) pla[iî]t|谢谢|请|再见|吗|我",
    re.IGNORECASE,
)
"""What `LEADS` and `TAILS` would strip, yet may be the very text to translate."""

DEICTIC = re.compile(
    r"(?:(?:this|that|it|these|those|them|something|a|an|the|my|your|some|following|last|previous"
    r"|above|below|attached|basic|next|sentence|sentences|words?|phrases?|text|texts|paragraph"
    r"|passage|name|message|email|document|file|letter|answer|reply|thing|everything|all|into"
    r"|back|again|same|to|in|and|what|about|how|would|be|is|one|for|of|here|page|translation"
    r"|me|e|y|et|und|use|would i|keeping|formatting|poem)\b\W*)+"
    r"|(?:这|那|它|上|下|一|句|个|段|条|话|词|名字|面|篇|文章|内容|封|邮件|文字|文件|附件|什么|我|你|的|回答"
    r"|消息|刚才|说|以下|如下|是|原文|文|法|们|些|几|日常|用语|问候语|换|再|回|短语|份|菜单|信|诗|版本)+"
    r"|(?:(?:esto|eso|isto|isso|lo|o|a|la|el|este|esta|ese|essa|texto|frase|frases|párrafo|parágrafo"
    r"|correo|e-mail|mail|mi|mis|tu|minha|meu|sua|último|última|mensaje|mensagem|respuesta|resposta"
    r"|siguiente|seguinte|documento|archivo|arquivo|adjunto|anexo|carta|poema|mismo|mesma|coisa"
    r"|una|uma|unas|umas|básicas|de|abajo|abaixo|sin|sem|cambiar|mudar|formato|formatação|volver"
    r"|vuelve|vuelta|volta|traducirlo|gente|ahí|aquí|aqui|lo mismo|pone|deste)\b\W*)+"
    r"|(?:(?:das|dies|diese[nsrm]?|es|den|die|der|dem|folgenden?|satz|sätze|absatz|text|brief|e-mail"
    r"|meine|deine|letzte|nachricht|antwort|dokument|datei|angehängte|ein|einen|eine|ganze"
    r"|dasselbe|zurück|unten|und|behalte|formatierung|paar|hier|steht|gedichts?)\b\W*)+"
    r"|(?:(?:ceci|cela|ça|ce|cet|cette|le|la|les|un|une|texte|phrase|phrases|paragraphe|mail|lettre"
    r"|mon|ma|ton|ta|dernier|message|réponse|suivant|suivante|document|fichier|joint|même|chose"
    r"|ci-dessous|en|gardant|mise|forme|quelques|base|de|poème|il|retraduis)\b\W*)+",
    re.IGNORECASE,
)
