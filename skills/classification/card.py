"""What the classify skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="classify",
    summary="sort text into labels of your own",
    accepts=frozenset({"text"}),
    produces=frozenset({"text", "labels"}),
    examples={
        "en": (
            "is this review positive or negative: the battery died after a day",
            "classify this text as sports, politics or technology",
            "is the following email spam or not spam?",
            "label this ticket as billing, shipping or technical",
            "what is the sentiment of this comment: positive, negative or neutral?",
            "which category fits this headline: business, science, health",
            "sort this message into complaint, question or praise",
            "categorise the following sentence into joy, anger or fear",
        ),
        "zh": (
            "这条评论是正面还是负面：电池一天就没电了",
            "把这段文字分类为体育、政治或科技",
            "下面这封邮件是不是垃圾邮件",
            "给这条留言打标签：投诉、咨询、表扬",
            "判断这句话的情感：积极、消极还是中性",
            "这个标题属于哪一类：财经、健康、娱乐",
        ),
        "es": (
            "¿esta reseña es positiva o negativa?: la batería duró un día",
            "clasifica este texto como deportes, política o tecnología",
            "¿este correo es spam o no?",
            "etiqueta este mensaje como queja, pregunta o elogio",
            "¿qué sentimiento tiene este comentario: positivo, negativo o neutro?",
        ),
        "pt": (
            "esta avaliação é positiva ou negativa: a bateria durou um dia",
            "classifique este texto como esporte, política ou tecnologia",
            "este e-mail é spam ou não?",
            "rotule esta mensagem como reclamação, dúvida ou elogio",
            "qual é o sentimento deste comentário: positivo, negativo ou neutro?",
        ),
        "de": (
            "ist diese Bewertung positiv oder negativ: der Akku hielt einen Tag",
            "ordne diesen Text ein: Sport, Politik oder Technik",
            "ist diese E-Mail Spam oder nicht?",
            "klassifiziere diese Nachricht als Beschwerde, Frage oder Lob",
            "welche Stimmung hat dieser Kommentar: positiv, negativ oder neutral?",
        ),
        "fr": (
            "cet avis est-il positif ou négatif : la batterie a tenu un jour",
            "classe ce texte en sport, politique ou technologie",
            "ce courriel est-il un spam ou non ?",
            "étiquette ce message comme plainte, question ou éloge",
            "quel est le sentiment de ce commentaire : positif, négatif ou neutre ?",
        ),
    },
)
