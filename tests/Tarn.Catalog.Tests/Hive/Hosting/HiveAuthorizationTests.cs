using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Access.Identities;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Locks;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Testing.Access;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>Every call, by everybody, on what is theirs and on what is not: who may not, changes and learns nothing, and the trail tells of it.</summary>
public sealed partial class HiveAuthorizationTests
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static TheoryData<string> Principals => [.. HiveMatrix.Principals.Select(p => p.Name)];

    [Fact]
    public void Calls_OfTheDoor_AreAllInTheMatrix()
    {
        // Those without an answer do nothing.
        var answered = Methods().Where(m => !m.IsOneway).Select(m => m.Name).ToList();
        Assert.Equal(["reinitialize", "shutdown"], Methods().Where(m => m.IsOneway).Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(answered.Order(StringComparer.Ordinal), HiveMatrix.Rows.SelectMany(Names).Distinct().Order(StringComparer.Ordinal));
        Assert.All(HiveMatrix.Rows, row => Assert.Equal(HiveMatrix.Principals.Count, row.Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [MemberData(nameof(Principals))]
    public async Task Calls_AsAPrincipal_DoWhatTheMatrixSays(string name)
    {
        int column = HiveMatrix.Principals.Select(p => p.Name).ToList().IndexOf(name);
        var principal = HiveMatrix.Principals[column];
        await using var server = await HiveTestServer.StartAsync(allowsAnonymous: name != "closed");
        using var client = await ConnectAsync(server, principal);
        List<string> wrong = [];
        List<(string Action, string Resource)> refused = [];
        foreach (var row in HiveMatrix.Rows)
        {
            string cell = row.Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries)[column];
            foreach (var (method, sign, target, other) in Names(row).SelectMany(m => new[] { (m, cell[0], principal.Mine, principal.Other), (m, cell[1], principal.Other, principal.Mine) }))
            {
                await RestoreAsync(server);
                long before = (await server.Catalog.Log.ReadAsync()).Number;
                string answer = RefusalOf(await client.CallAsync(method, true, row.Arguments(target, other)), method);
                bool isRight = sign switch { '!' => answer.Contains("hive.anonymous is false", StringComparison.Ordinal), '-' => answer.Contains("is not authorized to perform catalog:", StringComparison.Ordinal), _ => row.Fault.Length == 0 ? answer.Length == 0 : answer.Contains(row.Fault, StringComparison.Ordinal) };
                if (!isRight)
                    wrong.Add($"{method} on {target} ({sign}): '{answer}'");
                if (sign == '+' || !isRight)
                    continue;
                refused.AddRange(RefusedOf(answer));
                Assert.Equal(before, (await server.Catalog.Log.ReadAsync()).Number);
                if (sign != '-' || IsVisible(column, target == principal.Mine))
                    continue;
                // Of what may not be seen nobody learns whether it is there.
                foreach (var absent in new[] { target with { Table = "missing" }, target with { Database = "missing" } })
                {
                    string unseen = RefusalOf(await client.CallAsync(method, true, row.Arguments(absent, other)), method);
                    Assert.Equal(Resources().Replace(answer, "ARN"), Resources().Replace(unseen, "ARN"));
                    refused.AddRange(RefusedOf(unseen));
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        if (name != "closed")
            await RequireAuditedAsync(server, name, refused);
    }

    [Fact]
    public async Task Lists_OfWhoMaySeeSome_HoldThoseAlone()
    {
        await using var server = await HiveTestServer.StartAsync();
        const string statements = """
            {"Effect":"Allow","Action":["catalog:ListNamespaces"],"Resource":"arn:tarn:catalog:::lake"},
            {"Effect":"Allow","Action":["catalog:GetNamespace","catalog:ListTables","catalog:ListViews"],"Resource":"arn:tarn:catalog:::lake/a"},
            {"Effect":"Allow","Action":["catalog:GetTable","catalog:GetView"],"Resource":["arn:tarn:catalog:::lake/a/t","arn:tarn:catalog:::lake/a/i"]}
            """;
        await RestoreAsync(server);
        using var client = await ConnectAsync(server, new HiveMatrixPrincipal("some", statements, new("a"), new("b")));
        Assert.Equal(["a", "default"], (await client.CallAsync("get_all_databases", true)).Body.Texts(0));
        Assert.Equal(["t"], (await client.CallAsync("get_all_tables", true, "a")).Body.Texts(0));
        Assert.Equal(["t"], (await client.CallAsync("get_table_names_by_filter", true, "a", "hive_filter_field_params__x = \"y\"")).Body.Texts(0));
        Assert.Equal(["t"], (await client.CallAsync("get_table_meta", true, "*", "*")).Body.Structs(0).Select(m => m.Text(2)));
        Assert.Equal(["t"], (await client.CallAsync("get_table_objects_by_name", true, "a", ThriftList.Of(["t", "u", "none"]))).Body.Structs(0).Select(m => m.Text(1)));
        Assert.Equal(["t"], (await client.CallAsync("get_table_objects_by_name_req", true, new ThriftStruct().With(1, "a").With(2, ["u", "t"]))).Body.Struct(0)!.Structs(1).Select(m => m.Text(1)));
        using var root = await ConnectAsync(server, new HiveMatrixPrincipal("root", "admin", new("a"), new("b")));
        await root.CallAsync("lock", true, new ThriftStruct().With(1, new[] { new ThriftStruct().With(1, 1).With(2, 2).With(3, "a").With(4, "t"), new ThriftStruct().With(1, 1).With(2, 2).With(3, "a").With(4, "u") }));
        Assert.Equal(["t"], (await client.CallAsync("show_locks", true, new ThriftStruct())).Body.Struct(0)!.Structs(1).Select(l => l.Text(3)));
        Assert.Contains("Table", RefusalOf(await client.CallAsync("drop_table", true, "a", "i", false), "drop_table"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("catalog:DropView", true)]
    [InlineData("catalog:DropTable", false)]
    public async Task DropTable_OfAView_TakesTheRightToDropViews(string right, bool isAllowed)
    {
        await using var server = await HiveTestServer.StartAsync();
        var view = TableIdentifier.Of("a", "v");
        await server.Catalog.CreateNamespaceAsync(Namespace.Of("a"), s_none);
        await server.Catalog.CommitViewAsync(view, null, new ViewMetadata
        {
            ViewUuid = Guid.NewGuid(), FormatVersion = 1, Location = "s3://lake/a/v", CurrentVersionId = 1, VersionLog = [new ViewHistoryEntry(1, 1)],
            Schemas = [new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)])],
            Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1, DefaultNamespace = ["a"], Representations = [new ViewRepresentation("sql", "SELECT 1", "spark")] }],
        });
        using var client = await ConnectAsync(server, new HiveMatrixPrincipal("dropper", $$"""{"Effect":"Allow","Action":["catalog:Get*","{{right}}"],"Resource":"arn:tarn:catalog:::lake/a/v"}""", new("a"), new("b")));
        string refusal = RefusalOf(await client.CallAsync("drop_table", true, "a", "v", false), "drop_table");
        Assert.Equal(isAllowed, refusal.Length == 0);
        Assert.Equal(isAllowed, await server.Catalog.LoadViewAsync(view) is null);
    }

    private static bool IsVisible(int column, bool isMine) =>
        HiveMatrix.Rows.First(r => r.Methods.StartsWith("get_table ", StringComparison.Ordinal)).Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries)[column][isMine ? 0 : 1] == '+';

    private static string[] Names(HiveMatrixRow row) => row.Methods.Split(' ');

    private static IEnumerable<HiveMethod> Methods() =>
        HiveMethods.All(new HiveOptions { WarehouseLocation = "s3://lake" }, new LockTable(TimeSpan.FromMinutes(5), TimeProvider.System, SystemRandom.Instance), TimeProvider.System, Random.Shared).Values;

    private static async Task<HiveTestClient> ConnectAsync(HiveTestServer server, HiveMatrixPrincipal principal)
    {
        var client = await HiveTestClient.ConnectAsync(server.Address);
        if (principal.Policy is not { } policy)
            return client;
        bool isMade = policy.Contains('{', StringComparison.Ordinal);
        if (isMade)
            await server.Administration.PutPolicyAsync(principal.Name, $$"""{"Version":"2012-10-17","Statement":[{{policy}}]}""");
        await server.Administration.CreateUserAsync(new NewUser("user-" + principal.Name, Policies: [isMade ? principal.Name : policy]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("user-" + principal.Name));
        Assert.Equal((byte)5, (await client.NegotiateAsync("PLAIN", $"\0{key.Id}\0{key.Secret}")).Status);
        return client;
    }

    // The databases a and b, each with two plain tables of one partition, and nothing else.
    private static async Task RestoreAsync(HiveTestServer server)
    {
        if (await server.Catalog.LoadNamespaceAsync(Namespace.Of("n")) is not null)
            await server.Catalog.DropNamespaceAsync(Namespace.Of("n"));
        foreach (string database in new[] { "a", "b" })
        {
            if (await server.Catalog.LoadNamespaceAsync(Namespace.Of(database)) is null)
                await server.Catalog.CreateNamespaceAsync(Namespace.Of(database), s_none);
            await server.Catalog.DropForeignTableAsync(TableIdentifier.Of(database, "n"));
            foreach (string table in new[] { "t", "u" })
                await RestoreAsync(server, TableIdentifier.Of(database, table));
        }
    }

    private static async Task RestoreAsync(HiveTestServer server, TableIdentifier name)
    {
        string location = $"s3://lake/{name.Namespace}/{name.Name}";
        var partition = HiveProperties.Of(new HivePartition { Values = ["1"], Storage = new StorageDescriptor { Location = location + "/day=1" } });
        var partitions = ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal).Add("day=1", partition);
        var wanted = new ForeignTable(HiveProperties.Of(new HiveTable
        {
            TableName = name.Name, DatabaseName = name.Namespace.ToString(), TableType = HiveTable.ExternalTable, PartitionKeys = [new FieldSchema("day", "string")], Storage = new StorageDescriptor { Location = location, Columns = [new FieldSchema("id", "bigint")] },
            Parameters = new Dictionary<string, string> { ["x"] = "y" },
        }), partitions);
        var present = await server.Catalog.LoadForeignTableAsync(name);
        if (present is null || !present.Table.Properties.SequenceEqual(wanted.Properties) || !present.Table.Partitions.Keys.SequenceEqual(partitions.Keys))
            await server.Catalog.CommitForeignTableAsync(name, present, wanted);
    }

    // A connection is one request to the trail: it tells of each refusal by what was wanted of what.
    private static async Task RequireAuditedAsync(HiveTestServer server, string name, IReadOnlyList<(string Action, string Resource)> refused)
    {
        await server.Access.DisposeAsync();
        var denials = (await AuditTrail.ReadAsync(server.Folder)).Where(e => !e.IsAllowed).ToList();
        Assert.Equal(Counts(refused), Counts(denials.Select(e => (e.Action, e.Resource))));
        Assert.All(denials, e => Assert.True(e.Kind == AuditKind.Decision && e.Principal.EndsWith("/user-" + name, StringComparison.Ordinal) && e.Reason.Length > 0, $"{e}"));
    }

    private static IEnumerable<string> Counts(IEnumerable<(string Action, string Resource)> refused) =>
        refused.GroupBy(r => r).Select(g => $"{g.Count()} x {g.Key.Action} on {g.Key.Resource}").Order(StringComparer.Ordinal);

    private static IEnumerable<(string Action, string Resource)> RefusedOf(string answer) =>
        Refusal().Matches(answer).Select(m => (m.Groups["action"].Value, m.Groups["resource"].Value));

    // The message of any exception, or nothing.
    private static string RefusalOf(ThriftMessage answer, string method)
    {
        Assert.Equal(method, answer.Name);
        if (answer.Kind == ThriftMessageKind.Exception)
            return answer.Body.Text(1)!;
        return answer.Body.Fields is [{ Key: > 0, Value.Struct: { } fault }] ? fault.Text(1)! : "";
    }

    [GeneratedRegex("arn:tarn:catalog:::[^ ]+")]
    private static partial Regex Resources();

    [GeneratedRegex("is not authorized to perform (?<action>catalog:[A-Za-z]+) on (?<resource>arn:tarn:catalog:::[^ ]+?)\\. ")]
    private static partial Regex Refusal();
}
