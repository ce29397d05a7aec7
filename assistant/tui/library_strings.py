"""What the interface says about conversations: the list, export and import, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibraryStrings:
    """Fields that hold `{}` are filled with `str.format`; nothing here is markup."""

    archive: str
    """Heading over the archived conversations."""
    archive_empty: str
    archived: str
    unarchived: str
    """A conversation another program deleted."""
    list_keys: str
    rename_hint: str
    search_keys: str
    exported: str
    exporting_needs_kind: str
    nothing_to_export: str
    imported: str
    refused: str
    import_needs_path: str
    collection_gone: str
    """Its collection of documents, and the one questions go to instead."""
    actions: Mapping[str, str]
    """Titles in the command palette."""


ENGLISH = LibraryStrings(
    archive="Archive",
    archive_empty="The archive is empty.",
    archived="Archived “{}”. The search finds it; {archived} in the list shows the archive.",
    unarchived="“{}” is back in the list.",
    list_keys=(
        "⏎ open   {rename} rename   {pin} pin   {archive} archive   {delete} delete   "
        "{undo} undo   {archived} archive view"
    ),
    rename_hint="⏎ rename   Esc leave it",
    search_keys="⏎ to what was found   {cancel} leave the search",
    exported="Written to {}.",
    exporting_needs_kind="Say /export md, /export json or /export all, and a file or folder.",
    nothing_to_export="There is nothing to export yet.",
    imported="Imported {}; {} were here already.",
    refused="{} could not be imported. The first: {}",
    import_needs_path="Say which file to import, for example /import ~/conversations.json.",
    collection_gone="The collection “{}” of this conversation is gone. Questions go to “{}” now.",
    actions={
        "rename": "rename this conversation",
        "pin": "pin or unpin this conversation",
        "archive": "archive this conversation, or take it out of the archive",
        "delete": "delete this conversation",
        "undo": "bring the deleted conversation back",
        "archived": "show or leave the archive",
        "export md": "export this conversation as Markdown",
        "export json": "export this conversation as JSON",
        "export all": "export all conversations as JSON",
    },
)
CHINESE = LibraryStrings(
    archive="归档",
    archive_empty="归档里还没有对话。",
    archived="“{}”已归档。仍可搜索；在列表中按 {archived} 查看归档。",
    unarchived="“{}”已移回列表。",
    list_keys=(
        "⏎ 打开   {rename} 重命名   {pin} 置顶   {archive} 归档   {delete} 删除   "
        "{undo} 撤销   {archived} 查看归档"
    ),
    rename_hint="⏎ 重命名   Esc 不改",
    search_keys="⏎ 查看结果   {cancel} 离开搜索",
    exported="已写入 {}。",
    exporting_needs_kind="请写 /export md、/export json 或 /export all，后面可加文件或文件夹。",
    nothing_to_export="还没有可以导出的内容。",
    imported="导入了 {} 个对话，{} 个已经存在。",
    refused="{} 个对话无法导入。第一个：{}",
    import_needs_path="请写明要导入的文件，例如 /import ~/conversations.json。",
    collection_gone="这个对话所用的文档集“{}”已不存在，现在改为在“{}”中查找。",
    actions={
        "rename": "重命名这个对话",
        "pin": "置顶或取消置顶这个对话",
        "archive": "归档这个对话，或移出归档",
        "delete": "删除这个对话",
        "undo": "恢复刚删除的对话",
        "archived": "查看或离开归档",
        "export md": "把这个对话导出为 Markdown",
        "export json": "把这个对话导出为 JSON",
        "export all": "把所有对话导出为 JSON",
    },
)
