"""The words that tell what is wanted of a picture, in English, Chinese, Spanish, Portuguese, German
and French; each kind is a cue for the classifier, no verdict.

Entries stand between spaces, without accents: `*` is an open end, `_` joins the words of a phrase;
Chinese ones are looked for anywhere. Looking words up takes 30 µs a message, where regular
expressions for the same took 350.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_LONGEST_PHRASE = 3  # words
_SHORTEST_STEM = 3  # letters

_KINDS: Mapping[str, str] = {
    "where": """where whereabouts position* coordinates which_side which_corner which_row
        which_seat 在哪 去哪 哪里 哪儿 哪个位置 哪个角落 位置 坐标 donde ubicacion* posicion*
        coordenad* en_que_parte en_que_lugar en_que_lado en_que_esquina onde cade em_que_canto
        em_que_parte em_que_lugar em_que_lado posicao wo koordinaten an_welcher_stelle
        in_welcher_ecke ou_est ou_sont ou_se a_quel_endroit emplacement* dans_quel_coin
        coordonnees""",
    "how many": """how_many count counts counting number_of tally headcount head_count how_often
        几个 几只 几条 几辆 几张 几位 几名 几匹 几头 几棵 几朵 几件 几座 几根 几颗 几枚 几台
        几人 多少个 多少人 多少只 多少辆 有多少 数一 数下 数数 清点 一共 总共 数量 个数 cuantos
        cuantas cuenta cuentame cuentalos cuentalas contar cantidad numero_de quantos quantas
        conte conta quantidade wieviele wie_viele wie_oft zahl zahle zahlen anzahl combien
        compte compter comptez denombr* nombre_de""",
    "mark": """mark marks box boxes circle highlight point_at point_to point_out pinpoint
        bounding arrow annotate frame 框 圈出 圈起 标出 标注 标记 标明 画个圈 画出 指出 指给
        指一下 箭头 marca marcar marcame enmarc* recuadr* senala* circulo* circula rodea aponta*
        aponte assinal* destaca* destaque quadrad* marque caixa caixas markier* rahmen umrand*
        einkreis* kringel* kasten kastchen kreis* encadr* entour* repere* pointe cercle* cadre
        cadres surlign*""",
    "each": """find locate detect* spot look_for every each 检测 找出 找到 找找 定位 每个 每一
        每只 每张 所有 全部 encuentra* busca* localiz* localis* cada encontr* ache acha
        todos_los todas_las todos_os todas_as finde find such suche suchen jede jeden jedes alle
        trouve* cherche* chaque tous_les toutes_les""",
    "how much": """how_much_of how_large how_big percent percentage fraction proportion share
        coverage covers covered surface portion area takes_up take_up 占 几成 比例 面积 百分
        多大 覆盖 porcentaje proporcion por_ciento cuanto_ocupa cuanto_de cuanta fraccion
        superficie ocupa ocupan area porcentagem proporcao fracao por_cento quanto_da quanto_do
        anteil* prozent* flache wie_viel_vom wie_viel_von wieviel_vom bedeckt pourcent*
        pour_cent quelle_part occupe* recouvre* quelle_surface""",
    "cut": """cut cutout crop* isolat* remov* erase get_rid wipe sticker transparent strip
        knock_out separate lift only_the just_the blur* replace segment* delete extract 抠 去掉
        去除 移除 删 擦 裁 剪 透明 分割 分离 贴纸 虚化 模糊 换成 换个 换掉 只要 只留 只保
        recort* quita* quite borra* elimin* aisl* difumin* pegatina solo_el solo_la separ*
        transparent* apaga apague remova remove tira tire desfo* so_o so_a isola* isole adesivo
        figurinha freistell* freigestellt ausschneid* schneid* entfern* losch* weg nur_die
        nur_der nur_das nur_den trenn* isolier* verschwimm* unscharf verwisch* aufkleber detour*
        decoup* enlev* supprim* effac* flout* autocollant recadr*""",
    "ground": """background backdrop behind silhouette* outline* mask masks contour* edges shape
        背景 轮廓 蒙版 掩码 掩膜 剪影 边缘 后面 底色 白底 fondo detras silueta contorn* mascara
        fundo atras silhueta hintergr* hinter_mir hinter_dem hinter_der umriss* maske kontur*
        fond arriere derriere masque""",
    "write out": """transcri* ocr type_up type_out type copy verbatim word_for_word line_by_line
        digitise digitize markdown csv excel as_text into_text editable write_out write_down
        read_out read_aloud read_me read_it 转录 转写 抄 录入 转成 打成 打出 逐字 逐行 逐句
        一字不 识别 提取 电子版 可编辑 存成 念给 念一 念出 读出 读一 读给 transcrib* teclea*
        palabra_por_palabra linea_a_linea a_texto en_texto digitaliz* copia* apunta lee leeme
        leer palavra_por_palavra linha_por_linha em_texto digita digite copie copia le leia
        transcrev* transkri* abtipp* tipp* abschreib* wort_fur_wort zeile_fur_zeile als_text
        in_text digitalisier* vorles* lies ubertrag* tape tapez recopi* copie mot_a_mot
        ligne_par_ligne ligne_a_ligne en_texte numeris* lis retape*""",
    "written": """text word words handwrit* receipt* page pages letter letters table menu sign
        signs subtitle* note notes whiteboard document numbers serial invoice label labels 文字
        字 句 手写 小票 收据 发票 页 信 表 菜单 招牌 字幕 笔记 黑板 白板 文档 编号 便条 铭牌 票
        texto textos letra letras recibo* pagina* carta cartas tabla tabela menu cartel carteles
        subtitulo* pizarra ticket tique letrero* nota notas cardapio placa placas quadro lousa
        bilhete manuscrit* fatura factura handschrift* quittung bon seite seiten brief* tabelle
        speisekarte schild* untertitel zettel tafel notiz* rechnung texte recu recus tickets
        lettre tableau panneau* sous_titres affiche ecriture mots carte""",
    "says": """say says written writing reads 写了 写着 写的 写什么 上面写 念什么 说什么 dice
        pone escrito escrita diz steht stehen geschrieben besagt dit ecrit ecrite marque""",
    "taken": """when what_year what_date what_day which_year which_day taken gps date exif
        camera shot 拍的 拍摄 拍于 什么时候 哪年 哪一年 哪天 日期 几月 几号 哪拍 照的 cuando
        que_ano que_dia que_fecha fecha hicieron tome tomad* saque quando data tirad* tirei
        foi_feita wann aufgenommen datum welches_jahr welchem_jahr geknipst quand prise prises
        quelle_annee quel_jour""",
    "others": """more other others another similar* alike like_this like_that like_it like_these
        same duplicat* resembl* copies 还有 别的 其他 其它 类似 相似 差不多 一样的 像这 重复
        同样 同类 同款 更多 otro otra otros otras parecid* similares como_esta como_este
        como_esto repetid* duplicad* mism* outro outra outros outras mais semelhant* mesmo mesma
        nesse_estilo mehr weitere andere ahnlich* so_ein so_eine gleiche gleichen doppelt noch
        d_autres plus_de meme similaire* semblable* comme_celle comme_celui comme_ca doublon*
        ressembl*""",
    "collection": """my_photos my_pictures my_pics my_images my_album* my_collection my_library
        our_photos our_pictures album albums collection gallery camera_roll shots photos
        pictures images archive screenshots 相册 图库 收藏 相簿 我拍 照片库 那些 那几张 几张
        全家福 合影 合照 fotos imagenes imagens carrete galeria album coleccion archivo capturas
        retratos colecao acervo prints rolo bilder bildern aufnahmen sammlung galerie archiv
        fotoalbum cliches photos phototheque pellicule""",
    "looks": """describe description caption captions alt_text what_is_this what_s_this
        what_is_that what_s_going what_kind what_sort what_breed what_color what_colour color
        colour* colors look_like looks_like mood wearing is_it is_this is_that is_there is_he
        is_she happening 描述 说明 配文 什么样 颜色 是什么 是不是 有没有 什么品 什么种 气氛 穿
        在干 在做 像不像 看起来 吗
        descri* descrev* colores que_es que_se_ve que_hay que_tipo que_raza
        pie_de_foto parece cor cores o_que_e o_que_tem o_que_esta que_bicho que_tipo que_raca
        legenda se_ve hay tem beschreib* farbe farben was_ist was_sieht was_zeigt was_fur
        bildunterschrift sieht stimmung decri* couleur* qu_est_ce legende on_voit ambiance y_a_t
        l_air""",
}
KINDS = tuple(_KINDS)


def picture_words(asked: str) -> frozenset[str]:
    """The kinds of wording, of `KINDS`, that stand in what is asked (casefolded)."""
    words = _WORD.findall(_unaccented(asked))
    found: set[str] = set()
    for entry in _phrases(words):
        found |= _EXACT.get(entry, frozenset())
    for word in words:
        for length in range(_SHORTEST_STEM, len(word) + 1):
            found |= _STEMS.get(word[:length], frozenset())
    if _HAN.search(asked):
        found |= {kind for entry, kind in _ANYWHERE if entry in asked}
    return frozenset(found)


def _phrases(words: list[str]) -> Iterator[str]:
    for at in range(len(words)):
        for length in range(1, _LONGEST_PHRASE + 1):
            yield "_".join(words[at : at + length])


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _entries(*, han: bool) -> Iterator[tuple[str, str]]:
    for kind, words in _KINDS.items():
        yield from ((word, kind) for word in words.split() if bool(_HAN.search(word)) == han)


def _table(*, stems: bool) -> Mapping[str, frozenset[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for word, kind in _entries(han=False):
        if word.endswith("*") == stems:
            kinds[word.rstrip("*")].add(kind)
    return {word: frozenset(found) for word, found in kinds.items()}


_EXACT, _STEMS = _table(stems=False), _table(stems=True)
_ANYWHERE = tuple(_entries(han=True))
