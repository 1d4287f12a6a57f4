"""Finds residents' names where a text plainly says that it names somebody: 业主张三, 联系人：李四, 王小明先生."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施樊葛邢"
    "安齐伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬和"
    "仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟封谈"
)
"""Characters that are surnames, the commonest 250 or so."""

COMPOUND: Final = "欧阳|司马|上官|诸葛|司徒|皇甫|东方|尉迟|公孙|令狐|宇文|慕容|长孙|夏侯|轩辕|端木|南宫|独孤|闻人|呼延"
TITLES: Final = "先生|女士|小姐|大爷|大妈|大娘|大姐|大哥|阿姨|奶奶|爷爷|叔叔|同志|老师|师傅|老人|某"
ROLES: Final = (
    "业主|户主|房主|住户|居民|租户|租客|承租人|产权人|联系人|来电人|来访人|投诉人|诉求人|反映人|报修人|报事人|申请人|当事人|举报人|"
    "受访人|受访者|网格员|楼栋长|楼长|单元长"
)
FORM_ROLES: Final = (
    f"{ROLES}|姓名|名字|填表人|制表人|填报人|审核人|经办人|负责人|处理人|承办人|受理人|登记人|记录人|录入人|调查员|接待人|"
    "回访人|复核人"
)
"""Roles that a form names with a colon after them."""

_LIKE_SURNAMES: Final = frozenset(SURNAMES[:100])
# Characters that words have and given names hardly ever do.
_NO_GIVEN: Final = (
    "的了在是与及或被把对从到等多次反映投诉要求报修电话表示认为发现说称里房屋门窗楼水车位停费物业区社街道单元"
    "号室栋幢内外上下前后左右时间年不没未已将就都也很太又再这那此该其每各某何谁什么怎您你我他她它们人员部公司"
    "向给同请让叫找打回接办理解决处问题情况希议咨询催促尽快当晚早午夜响经期今昨两几个户所因由如果但过还去住吃"
    "喝走跑贴便意度料近面用价格量装漏损坏污染噪音扰化垃圾梯消防堵塞乱占"
)
# Words of two characters that open with a surname, and would else read like somebody's name after 业主 or 居民.
_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        """
        高空 高峰 高层 高温 高压 高额 高龄 高声 安全 安装 安静 安排 安置 张贴 张罗 方便 方面 方式 万分 万一 马上
        马路 严格 严密 严厉 严肃 成立 成功 成年 成片 成群 成堆 成员 白天 白色 常年 常见 常规 常常 连续 连接 连连
        连声 连日 连夜 连同 连带 连廊 许可 许久 胡同 任意 任何 任务 任职 任由 于是 和平 和谐 和睦 应该 应急 应当
        应对 应答 单独 单方 金额 金属 路灯 路口 路段 路边 路面 江边 江湖 文明 文件 文化 文字 明显 明确 明天 明火
        施工 施救 向阳 商铺 商户 商场 商议 商量 商业 包括 包装 关注 关心 关闭 关系 关停 关灯 石材 石头 石板 石块
        石墩 石凳 管道 管网 管控 管护 华丽 时常 时候 时不 解释 景观 景区 费时 冷气 席位 米色 师傅 古树 古井 项目
        项链 简单 简易 农历 司机 盛夏 游乐 游泳 游说 毛坯 毛病 易燃 易爆 易腐 康复 谈话 谈判 迟迟 迟到 封闭 封堵
        查看 查询 查实 池塘 麻烦 麻将 沙发 沙子 桑拿 丛生 蓝牙 蓝色 黄色 黄金 黄土 黄线 青色 钱款 钱财 尚未 尚且
        舒适 梅雨 田地 田园 江水 夏季 夏天 齐全 齐心 齐聚 党员 党建 党群 米粒 严禁 严查 严控 童车 车辆 车库 车棚
        车主 卫生 卫浴 武警 辛苦 辛勤 左侧 盛情 荣誉 祝福 祝贺 纪律 纪念 苗圃 苗木 谢谢 谢绝 申请 申报 申诉 包容
        凌晨 凌乱 焦急 焦虑 庄重 章程 符合 康乐 龙头 雷雨 雷电 史上 陶瓷 顾客 顾及 莫名 莫非 常住 易碎 乔迁 余款
        余额 余下 叶子 程序 程度 宁可 宁静 柴油 华灯 简陋 高兴 强烈 江南 江北 路人 章鱼 包裹 金钱 方才 全程 年底
        余热 温泉 水利 安居 安心 安保 康养 文体 文旅 平安 华夏 连片 应届 施肥 白蚁 白事 丛林 常务 严冬 任性 明白
        明日 石灰 石子 黄泥 古建 万家 钟点 钟头 盛大 田间 车流 车位
        """,
    )
)
_GIVEN: Final = rf"(?:(?![{_NO_GIVEN}])[\u4e00-\u9fff])"
_NAME: Final = rf"(?:(?:{COMPOUND}){_GIVEN}{{1,2}}|[{SURNAMES}]{_GIVEN}{{1,2}})"
_AFTER: Final = (
    r"(?=$|[\s,.;:!?()\[\]/|、，。；：！？【】《》“”\"'0-9A-Za-z+×]|电话|手机|联系|来电|致电|反映|投诉|诉求|报修|报事|表示|要求|"
    rf"称|说|家|等|的|申请|咨询|建议|希望|身份证|{TITLES})"
)
_PATTERNS: Final = (
    # A role with a colon is a form: what follows is a name, whatever its characters.
    re.compile(
        rf"(?:{FORM_ROLES})(?:姓名|名字)?\s*[:=]\s*((?:{COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?){_AFTER}"
    ),
    re.compile(rf"(?:{ROLES}|姓名|名叫|我叫|本人|我是)(?:姓名)?\s*\(?\s*({_NAME}){_AFTER}"),
    re.compile(rf"((?:{COMPOUND}){_GIVEN}{{1,2}}|[{SURNAMES}]{_GIVEN}{{1,2}}?)(?={TITLES})"),
    re.compile(
        rf"(?:^|[\s,;:!?()、，。；：！？]|联系|请找|找)({_NAME})"
        rf"(?=\s*(?:{TITLES})?[\s,:(]*(?:联系)?(?:电话|手机|tel|mobile)?号?码?[\s,:(]*(?:\+?86[\s-]?)?1[3-9][0-9])",
        re.IGNORECASE,
    ),
)  # fmt: skip


def names(text: str) -> Iterator[tuple[int, int]]:
    """The given names (from, to) to hide in a text with half-width signs; the surname stays.

    A surname with a title alone (王女士) is no name, and 某 is hidden already.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name, start = match.group(1), match.start(1)
            given = start + (2 if re.match(COMPOUND, name) else 1)
            if _is_name(text, name, text[given : match.end(1)], start):
                yield given, match.end(1)


def _is_name(text: str, name: str, given: str, start: int) -> bool:
    if name[:2] in _WORDS or re.match(TITLES, given):
        return False
    # 门卫王大爷: the surname is 王, not 卫.
    inside = start > 0 and "\u4e00" <= text[start - 1] <= "\u9fff" and not re.search(f"(?:{FORM_ROLES})$", text[:start])
    titled = re.match(TITLES, text[start + len(name) :]) is not None
    return not (inside and titled and len(name) == 2 and given in _LIKE_SURNAMES)
