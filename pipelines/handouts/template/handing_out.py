"""Writes the template to a file, and says in words what keeps it from being written."""

from __future__ import annotations

from pathlib import Path

from pipelines.handouts.template.known import UnknownCommunityError, known_of
from pipelines.handouts.template.write import template
from pipelines.told import ToldError


class NotWrittenError(ToldError):
    """The template wasn't written; `zh` and `en` say why and what to do."""


def hand_out(to: Path, warehouse: Path, community: str | None) -> tuple[str, str]:
    """Writes the template, filled in with what the warehouse knows of the community where one is named.

    Gives what was done in Chinese and English. Never overwrites: someone may have filled it in. Raises NotWrittenError,
    and NoWarehouseError where a community is named and nothing is published.
    """
    if to.suffix.lower() != ".xlsx":
        raise NotWrittenError(
            f"模板是 .xlsx 文件，不能写成 {to.name}。请换成以 .xlsx 结尾的名称。",
            f"The template is an .xlsx file and can't be written as {to.name}. Give a name that ends with .xlsx.",
        )
    try:
        known = known_of(warehouse, community) if community else None
    except UnknownCommunityError as fault:
        raise NotWrittenError(
            f"台账里没有社区“{community}”。有：{'、'.join(fault.near)}。请改用其中的名称。",
            f"No register lists the community “{community}”. There are: {', '.join(fault.near)}. Use one of these.",
        ) from fault
    content = template(known)
    try:
        with to.open("xb") as file:
            file.write(content)
    except FileExistsError as fault:
        raise NotWrittenError(
            f"{to} 已经存在，里面可能有填好的数据，没有覆盖。请换一个名称，或先移走它。",
            f"{to} exists and may hold what someone filled in; it was not overwritten. Use another name, or move it.",
        ) from fault
    except OSError as fault:
        raise NotWrittenError(
            f"{to} 写不成：{fault.strerror or fault}。请换一个可以写入的位置。",
            f"{to} can't be written: {fault.strerror or fault}. Choose a place that can be written to.",
        ) from fault
    if known is None:
        return f"模板已写到 {to}。", f"The template is in {to}."
    estates, tickets, actions = len(known.estates), len(known.tickets), len(known.actions)
    zh = f"已填好{known.community}的 {estates} 个小区、{tickets} 件在办工单、{actions} 件未完成议定事项"
    en = f"with {estates} estates, {tickets} open tickets and {actions} open actions of {known.community}"
    return f"模板已写到 {to}，{zh}。", f"The template is in {to}, {en}."
