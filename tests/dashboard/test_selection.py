from dashboard.selection import Choices, Mistake, Selection, read_selection

CHOICES = Choices(
    metrics=("satisfaction_rate", "collection_rate"),
    bases=("current",),
    estates=("梧桐一村", "梧桐二村", "梧桐新苑", "云锦新城"),
    peers=("老旧小区",),
)


def test_an_address_becomes_a_view_and_a_view_the_same_address() -> None:
    query = {"lang": "en", "period": "2025Q2", "metric": "collection_rate", "estate": "梧桐二村", "show": "projector"}
    selection, mistakes = read_selection(query, CHOICES)
    assert mistakes == ()
    assert selection.query() == query
    assert selection.href("compare") == (
        "/compare?lang=en&period=2025Q2&metric=collection_rate&estate=%E6%A2%A7%E6%A1%90%E4%BA%8C%E6%9D%91&show=projector"
    )
    assert selection.href("", lang="zh", show="", estate="", metric="", period="") == "/"


def test_an_unknown_word_becomes_the_default_and_the_nearest_are_offered() -> None:
    selection, mistakes = read_selection({"estate": "梧桐三村", "period": "去年", "lang": "fr"}, CHOICES)
    assert selection == Selection()
    assert mistakes == (
        Mistake("period", "去年"),
        Mistake("estate", "梧桐三村", ("梧桐一村", "梧桐二村", "梧桐新苑")),
    )
