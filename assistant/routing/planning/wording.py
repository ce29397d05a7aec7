"""The words that open a request or join two, in the six routed languages.

Regular expressions over casefolded text. Verbs are imperatives as people give them to the
assistant; what follows them is looked at by `requests`.
"""

from __future__ import annotations

import re

_THEN = (
    r"and|&|plus|then|after(?:wards| that| this)?|next|finally|also|lastly"
    r"|und|dann|danach|anschließend|schließlich|zum schluss|außerdem"
    r"|y|luego|después|entonces|finalmente|por último"
    r"|e|depois|então|em seguida|por fim|finalmente"
    r"|et|puis|ensuite|après(?: ça| cela)?|enfin"
)
_PURPOSE = r"(?:in order |so as )?to(?= (?:translate|summari[sz]e)\b)|so (?:that )?(?:i|you) can"
_HAN_THEN = r"并且|并|然后|接着|随后|之后|最后|而后|同时|再|后|以便"
PURPOSE = re.compile(r"\bto\b|\bso\b|以便")
JOINT = re.compile(
    rf"(?:[,;，；、]+|[.!?](?=\s)|[。！？])?(?:\s*(?<!\S)(?:{_THEN}|{_PURPOSE})(?=[\s,])[\s,]*)+"
    rf"|[,;，；、]+\s*(?:{_HAN_THEN})*[，,]?\s*|[.!?]\s+|[。！？]\s*(?:{_HAN_THEN})*[，,]?\s*"
    rf"|\s*(?:{_HAN_THEN})+[，,]?\s*"
)
"""What may stand between two requests; whether it does is for what stands around it to say."""
THEN = re.compile(
    r"\b(?:then|after(?:wards)?|next|finally|dann|danach|anschließend|luego|después|depois|então"
    r"|em seguida|puis|ensuite|après)\b|然后|接着|随后|之后|最后|而后|再"
)
"""A joint that puts one thing after the other, where "and" only lists."""

LEAD_IN = re.compile(
    r"(?:[^\w\ue000]*(?:please|pls|kindly|now|then|also|just|next|finally|first"
    r"|(?:can|could|would|will) you"
    r"|i(?:'d| would) like you to|i (?:want|need) you to|help me(?: to)?|after(?:wards| that)"
    r"|bitte|dann|danach|anschließend|zuerst|erst|mal|schließlich|(?:kannst|könntest|würdest) du"
    r"|(?:können|könnten) sie|ich möchte,? dass du|hilf mir,?"
    r"|por favor|luego|después|ahora|primero|finalmente|(?:me )?(?:puedes|podrías|puede|podría)"
    r"|quiero que|ayúdame a|depois|então|agora|primeiro|em seguida|por fim|você pode|pode(?:rias?)?"
    r"|podes|quero que você|me ajude a|s['’]il (?:te|vous) pla[iî]t|puis|ensuite|enfin|d['’]abord"
    r"|après|peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|aide-moi à|me|mir|and|und|y|e|et"
    r"|先|再|然后|接着|最后|并|请|帮我|帮忙|麻烦你?|能不能|能否|可不可以|可以|你|给我|一下)"
    r"(?![-'’])(?:\b|(?<=[\u3400-\u9fff])))*[^\w\ue000]*"
)
"""Politeness and order before the verb; always matches, perhaps nothing."""
HAN_LEAD_IN = re.compile(
    r"(?:先|再|然后|接着|最后|并|请|帮我|帮忙|麻烦你?|能不能|能否|可不可以|可以|你|给我|我想让你"
    r"|(?:把|将|对|就|按|按照|根据|基于|为|给|替)[^，。；,]{1,24}?"
    r"|用(?:一|两|三|四|五|几|\d)[^，。；,]{1,6}?|用(?:简单|通俗)的[^，。；,]{1,4}?"
    r"|(?:在|从)[^，。；,]{1,14}?(?:里面?|中|上|内)?|\s)*"
)
"""What may stand before a Chinese verb: politeness, its object, its place."""

_OBJECT_FIRST = (
    r"(?:den|die|das|dies\w+|ihn|sie|es|ins|meinen?|\ue000+)\b"
    r"(?:(?! und )[^,.;]){{0,60}}?\b(?:{})\b"
)
""" "den Bericht zusammenfassen", as Germans give orders to machines."""
_HAN_SUMMARISE = (
    r"总结|概括|归纳|概述|简述|摘要|提炼|缩写|缩短"
    r"|(?:做|写|给)(?:一?[个份段])?[^，。]{0,6}?(?:总结|摘要|概要)"
)
TRANSLATE = re.compile(
    r"(?:re-?)?translat(?:e|ing)\b|übersetz(?:e|en|t)?\b|übertrag(?:e|en)?\b"
    r"|tradu(?:ce|ci[dr]\w*|zca\w*|z|za|zir)(?:-?(?:me|l[oae]s?|[oa]s?))*\b|tradúce\w*"
    r"|(?:re)?tradui(?:s|re|sez)(?:-(?:moi|l[ea]s?))*\b|verta\b"
    r"|" + _OBJECT_FIRST.format("übersetzen|übertragen")
)
HAN_TRANSLATE = re.compile(r"(?:翻译|翻(?!译)|译)(?!成?[了过的者和])")
SAY_IT = re.compile(
    r"(?:put|turn|convert|say|give|write|repeat|express|render|bring|have|tell|send|show|read)"
    r"(?: (?:me|us))?(?: (?:it|that|this|them|those|all|everything|the \w+))"
    r"(?: (?:to|back to) me| again| back)?"
    r"|(?:sag|sage|bring|bringe|schreib|schreibe|gib|mach|mache)(?: (?:mir|es|das|sie|ihn|alles))+"
    r"(?: noch\s?mal)?"
    r"|\w+(?:me|te)?l[oae]s?\b(?: todo)?|(?:pon|di|pasa|escribe|repite)(?: eso| esto| todo)?"
    r"|(?:passe|passa|ponha|coloque|diga|escreva|repita|verta|converta)"
    r"(?:-(?:me|[oa]s?|n[oa]s?))*(?: (?:isso|isto|tudo|ele|ela))?"
    r"|(?:mets|dis|écris|passe|redis|répète|donne|mettez|dites)(?:-(?:moi|l[ea]s?))+(?: tout)?"
)
""" "put it", said before a language."""
SUMMARISE = re.compile(
    r"summari[sz](?:e|ing)\b|sum (?:[\w ]{1,40} )?up\b|condense\b|recap\b|tl;?dr\b"
    r"|boil .{1,40}? down"
    r"|(?:give|write|make|provide|prepare|create)(?: (?:me|us))?(?: (?:an?|the))?"
    r"(?: [\w-]+){0,2}? (?:summary|gist|recap|overview)\b"
    r"|fass?(?:e|en|t)?\b.{1,60}?\bzusammen\b|zusammenfassen\b"
    r"|" + _OBJECT_FIRST.format("zusammenfassen") + "|"
    r"(?:mach\w*|schreib\w*|gib\w*|erstell\w*)(?: mir| daraus| davon| dazu)*"
    r" (?:eine|die)(?: \w+){0,2}? zusammenfassung"
    r"|(?:l[ea]s? )?r[ée]s[uú]me\w*(?:-l[ea]s?|-moi)?\b"
    r"|resum(?:a|e|ir)(?:-?l?[oa]s?|me)?\b|sintetiza\w*\b|sintetize\b|synthétise[rz]?\b|condensa\b"
    r"|(?:haz|hazme|dame|escribe|prepara)(?: me| de ello)? (?:un|una|el)(?: \w+){0,2}? resumen"
    r"|(?:faça|faz|dê|escreva|prepare)(?:-me| me| disso)? (?:um|uma|o)(?: \w+){0,2}? resumo"
    r"|(?:fais|faites|donne|écris|rédige)(?:-(?:moi|en))* (?:un|une|le)(?: \w+){0,2}? résumé"
)
HAN_SUMMARISE = re.compile(rf"(?:{_HAN_SUMMARISE})(?![了过])")
HOW_TO = re.compile(r"\bhow to\b|怎么|如何")
"""What follows may be two verbs: "how to read and write"."""
LOOK = re.compile(
    r"describe\b|look at\b|read(?: out)?\b|see\b|identify\b|recogni[sz]e\b|caption\b"
    r"|(?:tell|show) me what\b|what(?:'s| is| are| does| do| can)\b|which\b|extract\b|transcribe\b"
    r"|beschreib\w*\b|lies\b|lesen\b|schau\w*\b|sieh\b|erkenn\w*\b|sag\w* mir,? was\b"
    r"|was\b|welche\w*\b"
    r"|descr[ei]\w*\b|lee\b|leer\b|lea\b|mira\b|qué\b|dime qué\b|dime lo que\b|reconoce\b"
    r"|identifi\w+\b"
    r"|leia\b|veja\b|olhe\b|diga (?:o )?que\b|o que\b|que\b|reconheça\b"
    r"|décri\w+\b|lis\b|lisez\b|regarde[rz]?\b|dis-moi ce\b|qu['’e]\S*|reconnais\b"
)
TRANSCRIBE = re.compile(
    r"(?:transcri\w+|transkri\w+|transcrev\w+|ocr|digiti[sz]e)\b|(?:type|write|copy) (?:out|up)\b"
    r"|(?:run|do|mach|haz|faça|fais) (?:an? |l['’])?ocr\b|tipp\w*\b.* ab\b|schreib\w*\b.* ab\b"
)
"""Everything written in a picture is wanted, not what it says in passing."""
HAN_TRANSCRIBE = re.compile("转录|转写|抄[下写录]|ocr|打成字|转成?文[字本]")
HAN_LOOK = re.compile(
    r"描述|看看?|瞧|识别|辨认|认出|读|念|说说|告诉我|提取|[^，。]{0,10}(?:有什么|是什么|写着?什么|写了什么)"
)
SEARCH = re.compile(
    r"(?:find|search|quote|check|locate|list|extract|pull|get|show|cite)\b"
    r"|look (?:up|in|for|through)\b"
    r"|such\w*\b|find\w*\b|zitier\w*\b|schau\w*\b|sieh\b|durchsuch\w*\b|prüf\w*\b"
    r"|busca\w*\b|encuentra\b|halla\b|localiza\b|cita\b|consulta\b|mira\b|revisa\b"
    r"|procure\b|procura\b|busque\b|encontre\b|ache\b|localize\b|cite\b|veja\b|consulte\b|verifique\b"
    r"|cherche[rz]?\b|trouve[rz]?\b|recherche[rz]?\b|cite[rz]?\b|regarde[rz]?\b|vérifie[rz]?\b"
)
HAN_SEARCH = re.compile(r"找出|查找|找到|找|查一下|查查|查|搜索?|检索|引用|列出|摘录|看看")
WRITE = re.compile(
    r"(?:write|draft|compose|reply|respond|answer|explain|rewrite|rephrase|brainstorm|invent|suggest"
    r"|propose|outline|create|come up with|prepare|make|tell|think of|turn (?:it|that|this) into"
    r"|give me (?:an?|some|\w+ (?:ideas|tips)))\b"
    r"|(?:schreibe?|verfasse?|formuliere?|entwirf|antworte|erkläre?|erfinde?|erstelle?|entwickle"
    r"|mache?|erzähle?|überlege?|beantworte)\b"
    r"|(?:escr[ií]be\w{0,4}|redáct[ae]\w{0,4}|redacta|responde\w{0,2}|contesta\w{0,2}|expl[ií]ca\w{0,4}"
    r"|inventa|crea|sugiere|reescr[ií]be\w{0,4}|prepara|cu[eé]nta\w{0,4}|propón|haz\w{0,4}|dame"
    r"|conviérte\w{0,4})\b"
    r"|(?:escreva|escreve|redija|responda|responde|explique|invente|crie|sugira|reescreva|prepare"
    r"|conte|proponha|elabore|faça|dê-me)\b"
    r"|(?:écri(?:s|vez)|rédigez?|répond(?:s|ez)|expliquez?|inventez?|crée|propose|prépare|réécris"
    r"|fai(?:s|tes)|raconte|imagine|donne-moi)\b"
)
HAN_WRITE = re.compile(
    r"(?:写|拟|起草|回复|回信|撰写|编|解释|改写|润色|讲|创作|生成|设计|提出|推荐|做|想|列)(?![了过])"
)

SPEAKS = re.compile(
    r"(?P<open>[,，;；:?？.。!！]\s*|\s+|^)"
    r"(?:(?:and|und|y|e|et)\s+)?(?:(?:please|bitte|por favor)\s+)?"
    r"(?P<verb>(?:(?:give|tell|show|answer|reply|write|say)(?: it| me| that)*"
    r"|antworte|sag(?: es| mir)*|responde|dímelo|responda|diga|réponds|dis-le(?:-moi)?)\s+)?"
    r"(?:in|auf|en|em|into)\s+(?:the\s+)?$"
)
"""What ends before the language of "…, in Portuguese please"."""
AFTERTHOUGHT = re.compile(
    r"(?P<kept>\s+zusammen)?(?:\s+language)?\s*[,，]?\s*"
    r"(?:please|pls|thanks|bitte|danke|por favor|gracias|obrigad[oa]"
    r"|s['’]il (?:te|vous) pla[iî]t|svp|merci)?\W*"
)
HAN_SPEAKS = re.compile(r"[，。；,\s]?(?:请|然后|并|再)?(?:用|以)$")
HAN_SPEAKS_END = re.compile(
    r"(?:来)?(?:回答|作答|答复|说明?|讲|写|输出|告诉我|给我|表达|复述)?(?:出来|一遍|一下|它|吧|即可)*"
)

REFERENCE = re.compile(
    r"\b(?:this|that|it|these|them|attached|above|below|following|texts?|articles?|e-?mails?|letters?"
    r"|messages?|essay|story|post|thread|transcript|attachment|pages?|book)\b"
    r"|\b(?:das|dies\w*|es|ihn|angehängt\w*|folgend\w*|texte?s?|artikels?|mail|brief\w*|nachricht|anhang"
    r"|buch\w*)\b"
    r"|\b(?:esto|eso|este|esta|ese|esa|lo|adjunt\w*|siguiente|correo|carta|mensaje|libro)\b"
    r"|\b(?:isto|isso|esse|essa|anex\w*|seguinte|mensagem|livro|textos?|artigos?|cartas?)\b"
    r"|\b(?:ceci|cela|ça|ce|cet|cette|joint\w*|suivant\w*|courriel|lettre|message|livre|pièce)\b"
    r"|[这那它该本此]|附件|上面|下面|以下|文章|邮件|信|消息|原文|全文|书"
)
"""A text one can point at, where "summarise the French Revolution" names a subject."""
FILE_NAME = re.compile(
    r"[\w.\-~/\\]+\.(?:pdf|docx?|odt|rtf|md|txt|html?|epub|pptx?|xlsx?|csv|eml|rst|org|tex|ipynb)\b",
    re.IGNORECASE,
)
