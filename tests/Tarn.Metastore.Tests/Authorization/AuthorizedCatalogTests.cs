using System.Collections.Immutable;
using System.Reflection;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Metastore.Authorization;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Authorization;

public sealed class AuthorizedCatalogTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AccessServices _access = null!;

    public async Task InitializeAsync()
    {
        _access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = _folder.Path });
        await _access.Administration.EnsureRootAsync(new RootCredential("tarnroot", "tarnrootsecret"));
    }

    public async Task DisposeAsync()
    {
        await _access.DisposeAsync();
        _folder.Dispose();
    }

    // A method that the interface gained would otherwise fall back on the interface's own answer, or reach the catalog unasked.
    [Fact]
    public void Methods_OfTheInterface_AreAllImplementedHere()
    {
        var map = typeof(AuthorizedCatalog).GetInterfaceMap(typeof(ICatalog));
        Assert.All(map.TargetMethods, method => Assert.Equal(typeof(AuthorizedCatalog), method.DeclaringType));
    }

    [Theory]
    [InlineData(null, ErrorKind.Unauthenticated)]
    [InlineData("diagnostics", ErrorKind.PermissionDenied)]
    public async Task Methods_WithoutARight_ReachNothing(string? policy, ErrorKind kind)
    {
        var session = new CatalogSession(policy is null ? null : await AddUserAsync("eve", policy));
        var catalog = new AuthorizedCatalog(Untouchable.Create(), "lake", _access.Control, session);
        foreach (var method in typeof(ICatalog).GetMethods().Where(m => !m.IsSpecialName && !m.IsPrivate && !IsFiltered(m)))
        {
            var error = await Assert.ThrowsAsync<TarnException>(() => InvokeAsync(catalog, method));
            Assert.True(kind == error.Kind, $"{method.Name}: {error.Message}");
            Assert.Contains("catalog:", error.Message, StringComparison.Ordinal);
        }
    }

    // What lists everything is not refused: it leaves out what the caller may not see.
    private static bool IsFiltered(MethodInfo method) => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    [Fact]
    public async Task Descriptions_WithRightsOnSomeThings_TellOfNothingElse()
    {
        const string policy = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"catalog:GetTable","Resource":"arn:tarn:catalog:::lake/sales/orders"},
              {"Effect":"Allow","Action":"catalog:GetNamespace","Resource":"arn:tarn:catalog:::lake/sales"},
              {"Effect":"Allow","Action":"catalog:GetView","Resource":"arn:tarn:catalog:::lake/sales/top_orders"}]}
            """;
        await _access.Administration.PutPolicyAsync("some", policy);
        ICatalog Of(Caller? caller) => new AuthorizedCatalog(Described.Create(), "lake", _access.Control, new CatalogSession(caller));
        var some = Of(await AddUserAsync("ada", "some"));
        Assert.Equal(["sales", "sales.orders", "sales.top_orders"], await some.DescribeAsync().Select(d => d.ToString()).ToListAsync());
        Assert.Equal(["sales.orders", "sales.top_orders"], await some.SearchAsync(new SearchWords("orders")).Select(m => m.Found.ToString()).ToListAsync());
        Assert.Equal(["tags", "descriptions"], some.SystemTables.Select(t => t.Name).OrderDescending());
        Assert.Equal(3, await some.SystemTables.Single(t => t.Name == "descriptions").ReadAsync(default).CountAsync());
        Assert.Equal(2, await some.SystemFunctions.Single().Call("orders").ReadAsync(default).CountAsync());
        foreach (var nobody in new[] { Of(null), Of(await AddUserAsync("eve", "diagnostics")) })
        {
            Assert.Empty(await nobody.DescribeAsync().ToListAsync());
            Assert.Empty(await nobody.SearchAsync(new SearchWords("orders")).ToListAsync());
        }

        Assert.Equal(5, await Of(await AddUserAsync("bob", "readonly")).DescribeAsync().CountAsync());
    }

    [Fact]
    public async Task Search_OverThingsThatMayNotBeSeen_IsOneAuditEvent()
    {
        var catalog = new AuthorizedCatalog(Described.Create(), "lake", _access.Control, new CatalogSession(await AddUserAsync("eve", "diagnostics")));
        var open = new AuthorizedCatalog(Described.Create(), "lake", _access.Control, new CatalogSession(await AddUserAsync("bob", "readonly")));
        Assert.Empty(await catalog.SearchAsync(new SearchWords("orders")).ToListAsync());
        Assert.Equal(5, await open.DescribeAsync().CountAsync());
        await _access.DisposeAsync();
        var events = await AuditTrail.ReadAsync(_folder.Path, new AuditQuery { Action = "catalog:*" });
        Assert.Equal(
            [("catalog:Describe", "arn:tarn:catalog:::lake", false, "showed 0, left out 4 that the caller may not see"), ("catalog:Describe", "arn:tarn:catalog:::lake", true, "showed 5, left out 0 that the caller may not see")],
            events.Select(e => (e.Action, e.Resource, e.IsAllowed, e.Reason)));
    }

    [Theory]
    [InlineData("catalog:DropTable", "orders", false)]
    [InlineData("catalog:DropTable,catalog:CreateTable", "orders", true)]
    [InlineData("catalog:DropTable,catalog:CreateTable", "again", false)]
    [InlineData("catalog:DropTable,catalog:CreateTable,catalog:RenameTable", "again", true)]
    public async Task Undrop_NeedsTheRightsOfDroppingAndMaking(string actions, string newName, bool isAllowed)
    {
        string allowed = string.Join(',', actions.Split(',').Select(a => $"\"{a}\""));
        await _access.Administration.PutPolicyAsync("undrop", $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[{{allowed}}],"Resource":"*"} }""");
        var catalog = new AuthorizedCatalog(Untouchable.Create(), "lake", _access.Control, new CatalogSession(await AddUserAsync("ada", "undrop")));
        var error = await Record.ExceptionAsync(() => catalog.UndropTableAsync(TableIdentifier.Of("sales", "orders"), TableIdentifier.Of("sales", newName)).AsTask());
        Assert.Equal(isAllowed, error is InvalidOperationException);
        Assert.Equal(isAllowed ? null : ErrorKind.PermissionDenied, (error as TarnException)?.Kind);
    }

    [Fact]
    public async Task Rights_OnOneTable_DoNotReachAnother()
    {
        const string policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:GetTable","Resource":"arn:tarn:catalog:::lake/sales/orders"} }""";
        await _access.Administration.PutPolicyAsync("orders", policy);
        var catalog = new AuthorizedCatalog(Untouchable.Create(), "lake", _access.Control, new CatalogSession(await AddUserAsync("ada", "orders")));
        Assert.True(await catalog.IsAllowedAsync(CatalogActions.GetTable, TableIdentifier.Of("sales", "orders")));
        foreach (var other in new[] { TableIdentifier.Of("sales", "orders2"), TableIdentifier.Of("sales/orders", "x"), TableIdentifier.Of("sales/orders"), TableIdentifier.Of("Sales", "orders") })
            Assert.False(await catalog.IsAllowedAsync(CatalogActions.GetTable, other));
        Assert.False(await catalog.IsAllowedAsync(CatalogActions.CommitTable, TableIdentifier.Of("sales", "orders")));
    }

    [Theory]
    [InlineData("/lake/sales/orders/metadata/2.json", true)]
    [InlineData("/lake/sales/orders/../secret/metadata/1.json", false)]
    [InlineData("/lake/sales/secret/metadata/1.json", false)]
    public async Task Register_InPlaceOfAState_IsACommitOnlyBelowTheTable(string metadataLocation, bool isCommit)
    {
        const string policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:CommitTable","Resource":"arn:tarn:catalog:::lake/sales/orders"} }""";
        await _access.Administration.PutPolicyAsync("committer", policy);
        var catalog = new AuthorizedCatalog(Untouchable.Create(), "lake", _access.Control, new CatalogSession(await AddUserAsync("ada", "committer")));
        var orders = TableIdentifier.Of("sales", "orders");
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "/lake/sales/orders",
            new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        var replaced = new TableHandle(orders, "/lake/sales/orders/metadata/1.json", metadata);
        var error = await Record.ExceptionAsync(() => catalog.RegisterTableAsync(orders, metadataLocation, replaced).AsTask());
        Assert.Equal(isCommit, error is InvalidOperationException);
        Assert.Equal(isCommit ? null : ErrorKind.PermissionDenied, (error as TarnException)?.Kind);
    }

    [Fact]
    public void Resource_NamesWithSlashes_StayInTheirNamespace()
    {
        Assert.Equal("arn:tarn:catalog:::lake", CatalogResource.Of("lake", Namespace.Root));
        Assert.Equal("arn:tarn:catalog:::lake/a/b", CatalogResource.Of("lake", Namespace.Of("a", "b")));
        Assert.Equal("arn:tarn:catalog:::lake/a%2Fb/c%252F", CatalogResource.Of("lake", TableIdentifier.Of("a/b", "c%2F")));
    }

    private async Task<Caller> AddUserAsync(string name, string policy)
    {
        await _access.Administration.CreateUserAsync(new NewUser(name, Policies: [policy]));
        var key = await _access.Administration.CreateKeyAsync(new KeyRequest(name));
        return (await _access.Control.FindAccessKeyAsync(key.Id)).Credential!.Caller;
    }

    private static async Task InvokeAsync(ICatalog catalog, MethodInfo method)
    {
        object?[] arguments = [.. method.GetParameters().Select(p => Argument(p.ParameterType))];
        object task = method.Invoke(catalog, arguments)!;
        await (task is ValueTask plain ? plain.AsTask() : (Task)task.GetType().GetMethod("AsTask")!.Invoke(task, null)!);
    }

    private static object? Argument(Type type) =>
        type == typeof(Namespace) ? Namespace.Of("sales")
        : type == typeof(TableIdentifier) ? TableIdentifier.Of("sales", "orders")
        : type == typeof(IReadOnlyList<TableCommit>) ? (IReadOnlyList<TableCommit>)[new TableCommit(TableIdentifier.Of("sales", "orders"), [], [])]
        : type == typeof(string) ? "s3://lake/x"
        : type == typeof(IReadOnlyDictionary<string, string>) || type == typeof(ImmutableSortedDictionary<string, string>) ? ImmutableSortedDictionary<string, string>.Empty
        : type == typeof(IReadOnlyCollection<string>) ? Array.Empty<string>()
        : type.IsValueType ? Activator.CreateInstance(type) : null;

    /// <summary>A catalog that knows nothing but descriptions.</summary>
    public class Described : DispatchProxy
    {
        private static readonly ObjectDescription[] s_objects =
        [
            new(ObjectKind.Schema, Namespace.Of("sales"), null, ObjectFacts.Unreadable("")), new(ObjectKind.Table, Namespace.Of("sales"), "orders", ObjectFacts.Unreadable("")),
            new(ObjectKind.Table, Namespace.Of("sales"), "all_orders", ObjectFacts.Unreadable("")), new(ObjectKind.View, Namespace.Of("sales"), "top_orders", ObjectFacts.Unreadable("")),
            new(ObjectKind.Schema, Namespace.Of("orders"), null, ObjectFacts.Unreadable("")),
        ];

        public static ICatalog Create() => Create<ICatalog, Described>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(ICatalog.DescribeAsync) => s_objects.ToAsyncEnumerable(),
            nameof(ICatalog.SearchAsync) => s_objects.Select(o => ((SearchWords)args![0]!).Match(o)).OfType<SearchMatch>().ToAsyncEnumerable(),
            var other => throw new InvalidOperationException($"{other} reached the catalog."),
        };
    }

    /// <summary>A catalog that fails the test when anything reaches it.</summary>
    public class Untouchable : DispatchProxy
    {
        public static ICatalog Create() => Create<ICatalog, Untouchable>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new InvalidOperationException($"{targetMethod!.Name} reached the catalog.");
    }
}
