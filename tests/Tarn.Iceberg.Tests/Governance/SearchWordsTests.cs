using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Tests.Governance;

public sealed class SearchWordsTests
{
    private static readonly ObjectDescription[] s_objects =
    [
        Table("sales", "reorders"), Table("sales", "open_orders"), Table("sales", "orders_2026"), Table("sales", "orders"), Table("sales", "webOrders"),
        Table("crm", "people", comment: "who gave us orders"),
        Table("crm", "calls", columns: [new ColumnFacts("orders", null, [])]),
        Table("crm", "notes", columns: [new ColumnFacts("text", "about orders", [new Tag("pii", "weak")])]),
        Table("crm", "visits", tags: [new Tag("source", "orders")]),
        Table("orders", "unrelated"),
        new(ObjectKind.Schema, Namespace.Of("orders"), null, ObjectFacts.OfSchema(new Dictionary<string, string> { ["owner"] = "ada" })),
    ];

    [Fact]
    public async Task RankAsync_OneWord_PutsNamesFirstAndDescriptionsLast() => Assert.Equal(
        [
            "orders", "sales.orders", "sales.orders_2026", "sales.open_orders", "sales.webOrders", "sales.reorders", "crm.calls", "crm.visits", "orders.unrelated", "crm.notes", "crm.people",
        ],
        await FindAsync("Orders"));

    [Theory]
    [InlineData("sales.orders", "sales.orders")]
    [InlineData("people gave", "crm.people")]
    [InlineData("pii", "crm.notes")]
    [InlineData("pii=weak", "crm.notes")]
    [InlineData("ADA", "orders")]
    [InlineData("crm calls orders", "crm.calls")]
    [InlineData("orders nowhere", "")]
    public async Task RankAsync_SeveralWords_AllMatch(string text, string found) => Assert.Equal(found, string.Join(' ', await FindAsync(text)));

    [Fact]
    public void Match_Places_AreNamed()
    {
        Assert.Equal("column text tag pii=weak, description of column text", new SearchWords("pii about").Match(s_objects[7])!.Places);
        Assert.Equal("name", new SearchWords("sales.orders").Match(s_objects[3])!.Places);
    }

    [Fact]
    public void New_TooLongOrEmpty_IsRefused()
    {
        foreach (string text in new[] { "", " \t ", new string('a', SearchWords.MaxLength + 1), string.Join(' ', Enumerable.Repeat("a", SearchWords.MaxWords + 1)) })
            Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => new SearchWords(text)).Kind);
    }

    private static async Task<IEnumerable<string>> FindAsync(string text) => (await new SearchWords(text).RankAsync(s_objects.ToAsyncEnumerable())).Select(m => m.Found.ToString());

    private static ObjectDescription Table(string schema, string name, string? comment = null, IReadOnlyList<Tag>? tags = null, IReadOnlyList<ColumnFacts>? columns = null) =>
        new(ObjectKind.Table, Namespace.Of(schema), name, new ObjectFacts(comment, null, tags ?? [], columns ?? []));
}
