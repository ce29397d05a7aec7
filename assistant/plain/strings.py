"""What the line-by-line chat says, in each language. Skills and errors speak for themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainStrings:
    """Fields that hold `{}` are filled with `str.format`."""

    welcome: str
    you: str
    goes_on: str
    assistant: str
    stopped: str
    quit_hint: str
    help: str
    no_command: str
    skills: str
    skill_set: str
    skill_auto: str
    no_skill: str
    new: str
    conversations: str
    none: str
    opened: str
    no_number: str
    no_hits: str
    search_needs_words: str
    attached: str
    attached_first: str
    no_file: str
    nothing: str
    sources: str
    nearest: str
    labels: str
    picture: str
    note: str
    sent_to: str
    sent_open: str
    error: str
    engine_died: str
    engine_died_hint: str
    missing: str
    missing_hint: str
    bye: str


ENGLISH = PlainStrings(
    welcome="assistant, line by line. Type a message and press Enter; /help lists the commands.",
    you="You: ",
    goes_on="… ",
    assistant="Assistant ({}):",
    stopped="(stopped)",
    quit_hint="Press Ctrl+C again to quit.",
    help="""\
Type a message and press Enter. A line that ends in \\ goes on in the next.
The path of a file or picture in a message attaches it.
/NAME TEXT      answer with a skill, for example /translate good morning
/skill          list the skills; /skill NAME uses one from now on, /skill auto lets the
                assistant choose again
/attach PATH    attach a file to the next message
/again          answer the last message again
/new            begin a new conversation
/list           list the latest conversations
/search WORDS   search all conversations
/open N         open the conversation with that number in the last list
/read N         read the last N messages and answers again
/help           this help
/quit           leave
Ctrl+C stops an answer; twice, it leaves.""",
    no_command="There is no command /{}. /help lists them.",
    skills="Skills: {}.",
    skill_set="From now on: {}.",
    skill_auto="The assistant chooses the skill.",
    no_skill="There is no skill {}. Skills: {}.",
    new="A new conversation.",
    conversations="Conversations, the latest first. /open N opens one.",
    none="There are no conversations yet.",
    opened="Opened: {}",
    no_number="Say a number from the last list, for example /open 1.",
    no_hits="Nothing found.",
    search_needs_words="Say what to search for, for example /search train.",
    attached="Attached: {}",
    attached_first="The first {} of {} images are attached.",
    no_file="There is no file {}.",
    nothing="There is nothing to answer again yet.",
    sources="Sources:",
    nearest="Nearest passages:",
    labels="It may show: {}.",
    picture="Picture: {}",
    note="Note: {}",
    sent_to="From here on, text of this conversation is sent to {}, where a model in use is "
    "served.",
    sent_open="The connection is not encrypted: others on the way can read it.",
    error="Error: {}",
    engine_died="The engine stopped in the middle of this answer.",
    engine_died_hint="It is starting again by itself. /again runs this again.",
    missing="These models are not on this machine yet: {}.",
    missing_hint="`assistant models pull` fetches them.",
    bye="Goodbye.",
)
CHINESE = PlainStrings(
    welcome="assistant，逐行模式。输入消息后按回车；/help 列出命令。",
    you="你：",
    goes_on="… ",
    assistant="助手（{}）：",
    stopped="（已停止）",
    quit_hint="再按一次 Ctrl+C 退出。",
    help="""\
输入消息后按回车。以 \\ 结尾的行会接着下一行。
消息里写上文件或图片的路径就会附上它。
/名称 文字      用某个技能回答，例如 /translate 早上好
/skill          列出技能；/skill 名称 之后一直用它，/skill auto 恢复自动选择
/attach 路径    给下一条消息附上文件
/again          重新回答上一条消息
/new            开始新对话
/list           列出最近的对话
/search 词      搜索所有对话
/open N         打开上次列表中的第 N 个对话
/read N         再读一遍最后 N 条消息和回答
/help           这份帮助
/quit           退出
Ctrl+C 停止回答；按两次退出。""",
    no_command="没有命令 /{}。/help 列出全部命令。",
    skills="技能：{}。",
    skill_set="从现在起使用：{}。",
    skill_auto="由助手选择技能。",
    no_skill="没有技能 {}。技能：{}。",
    new="新对话。",
    conversations="对话，最近的在前。/open N 打开其中一个。",
    none="还没有对话。",
    opened="已打开：{}",
    no_number="请写上次列表中的编号，例如 /open 1。",
    no_hits="没有找到。",
    search_needs_words="请写要搜索的词，例如 /search 火车。",
    attached="已附上：{}",
    attached_first="附上了前 {} 张图片（共 {} 张）。",
    no_file="没有这个文件：{}",
    nothing="还没有可以重新回答的消息。",
    sources="来源：",
    nearest="最接近的段落：",
    labels="可能是：{}。",
    picture="图片：{}",
    note="提示：{}",
    sent_to="从现在起，这个对话的文字会发送到 {}：正在使用的模型在那里运行。",
    sent_open="连接没有加密，途中的人可以读到。",
    error="错误：{}",
    engine_died="引擎在回答途中停止了。",
    engine_died_hint="它正在自动重新启动。/again 可以重新回答。",
    missing="这些模型还不在这台电脑上：{}。",
    missing_hint="`assistant models pull` 会下载它们。",
    bye="再见。",
)
