from datetime import date

ROW = {"estate": "甲苑", "households": 45}


def events(*turns):
    return [
        {"estate": "甲苑", "event_date": on, "event_type": what, "company": company, "note": note}
        for on, what, company, note in turns
    ]


def spells(made, rows, *submissions):
    return rows(
        made(*submissions), "episodes", "company", "governance_mode", "service_start", "charging_start", "service_end"
    )


def test_a_walk_out_leaves_three_unmanaged_months(submit, made, rows):
    told = events(
        (date(2023, 9, 30), "company_out", "旧物业公司", "撤出"),
        (date(2024, 1, 1), "company_in", "新物业公司", "进驻"),
        (date(2024, 7, 1), "charging_started", None, "开始收费"),
    )
    register = [{**ROW, "company": "新物业公司", "governance_mode": "社企同办", "takeover_date": date(2024, 1, 1)}]
    assert spells(made, rows, submit("台账.xlsx", estates=register), submit("大事记.xlsx", events=told)) == [
        ("旧物业公司", None, None, None, date(2023, 9, 30)),
        (None, None, date(2023, 10, 1), None, date(2023, 12, 31)),
        ("新物业公司", "社企同办", date(2024, 1, 1), date(2024, 7, 1), None),
    ]


def test_service_first_and_fees_later(submit, made, rows):
    register = [
        {
            **ROW,
            "company": "甲公司",
            "governance_mode": "专业物业",
            "takeover_date": date(2024, 1, 1),
            "charging_date": date(2024, 6, 1),
        }
    ]
    assert spells(made, rows, submit("台账.xlsx", estates=register)) == [
        ("甲公司", "专业物业", date(2024, 1, 1), date(2024, 6, 1), None)
    ]


def test_an_estate_without_dates_has_one_open_episode(submit, made, rows):
    assert spells(made, rows, submit("台账.xlsx", estates=[{**ROW, "governance_mode": "居民自治"}])) == [
        (None, "居民自治", None, None, None)
    ]


def test_a_new_company_ends_the_one_before_on_the_day_before(submit, made, rows):
    register = [{**ROW, "company": "甲公司", "takeover_date": date(2009, 1, 1), "charging_date": date(2009, 2, 1)}]
    told = events(
        (date(2024, 3, 1), "company_in", "乙公司", "更换"), (date(2024, 3, 1), "company_out", "甲公司", "退出")
    )
    assert spells(made, rows, submit("台账.xlsx", estates=register), submit("大事记.xlsx", events=told)) == [
        ("甲公司", None, date(2009, 1, 1), date(2009, 2, 1), date(2024, 2, 29)),
        ("乙公司", None, date(2024, 3, 1), None, None),
    ]


def test_a_change_of_mode_splits_an_episode_and_charging_goes_on(submit, made, rows):
    register = [
        {
            **ROW,
            "company": "甲公司",
            "governance_mode": "专业物业",
            "takeover_date": date(2020, 1, 1),
            "charging_date": date(2020, 1, 1),
        }
    ]
    told = events((date(2024, 3, 1), "mode_changed", None, "由单位自管改为专业物业进驻"))
    assert spells(made, rows, submit("台账.xlsx", estates=register), submit("大事记.xlsx", events=told)) == [
        ("甲公司", "单位自管", date(2020, 1, 1), date(2020, 1, 1), date(2024, 2, 29)),
        ("甲公司", "专业物业", date(2024, 3, 1), date(2024, 3, 1), None),
    ]


def test_the_register_names_a_coming_that_names_nobody(submit, made, rows):
    told = events((date(2024, 3, 1), "company_in", None, "新物业进驻"))
    assert spells(
        made, rows, submit("台账.xlsx", estates=[{**ROW, "company": "甲公司"}]), submit("大事记.xlsx", events=told)
    ) == [("甲公司", None, date(2024, 3, 1), None, None)]


def test_an_episode_traces_to_the_row_that_opened_it(submit, made, rows):
    told = events((date(2024, 3, 1), "company_out", "甲公司", "退出"))
    result = made(
        submit("台账.xlsx", estates=[{**ROW, "company": "甲公司", "takeover_date": date(2020, 1, 1)}]),
        submit("大事记.xlsx", events=told),
    )
    assert rows(result, "episodes", "company", "service_end", "source_file", "source_row") == [
        ("甲公司", date(2024, 3, 1), "台账.xlsx", 2),
        (None, None, "大事记.xlsx", 2),
    ]


def test_an_earlier_register_tells_of_the_company_before(submit, made, rows):
    old = [{**ROW, "company": "甲公司", "takeover_date": date(2015, 1, 1), "charging_date": date(2015, 3, 1)}]
    new = [{**ROW, "company": "乙公司", "takeover_date": date(2024, 12, 1), "charging_date": date(2025, 2, 1)}]
    told = events((date(2024, 8, 31), "company_out", "甲公司", "撤出"))
    files = [
        submit("2024.xlsx", filed=date(2024, 1, 1), estates=old),
        submit("2025.xlsx", filed=date(2025, 6, 1), estates=new),
        submit("大事记.xlsx", events=told),
    ]
    assert spells(made, rows, *files) == [
        ("甲公司", None, date(2015, 1, 1), date(2015, 3, 1), date(2024, 8, 31)),
        (None, None, date(2024, 9, 1), None, date(2024, 11, 30)),
        ("乙公司", None, date(2024, 12, 1), date(2025, 2, 1), None),
    ]
