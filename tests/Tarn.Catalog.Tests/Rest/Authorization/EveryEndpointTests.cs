using System.Text.RegularExpressions;
using Tarn.Access.Auditing;
using Tarn.Catalog.Rest.Routing;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Testing.Access;

namespace Tarn.Catalog.Tests.Rest.Authorization;

/// <summary>Every endpoint, as everybody, on what is theirs and on what is not: who may not, changes and learns nothing, and the trail tells of it.</summary>
public sealed partial class EveryEndpointTests
{
    private const string Missing = "missing";

    public static TheoryData<string> Principals => [.. EndpointMatrix.Principals.Select(p => p.Name)];

    [Fact]
    public async Task Endpoints_OfTheTable_AreAllInTheMatrix()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await server.ConnectAsync();
        var advertised = (await client.GetAsync("/v1/config")).Require(200).GetProperty("endpoints").EnumerateArray().Select(e => e.GetString()!).ToList();
        Assert.Equal(advertised.Order(StringComparer.Ordinal), Routes().Where(r => r.HasPrefix).Select(r => r.Endpoint).Order(StringComparer.Ordinal));
        // It proves by itself who asks, and gives no rights.
        Assert.Equal(["getToken"], Routes().Select(r => r.Name).Except(EndpointMatrix.Rows.Select(r => r.Route)));
        Assert.All(EndpointMatrix.Rows, row => Assert.Equal(EndpointMatrix.Principals.Count, row.Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [MemberData(nameof(Principals))]
    public async Task Endpoints_AsAPrincipal_DoWhatTheMatrixSays(string name)
    {
        int column = EndpointMatrix.Principals.Select(p => p.Name).ToList().IndexOf(name);
        var principal = EndpointMatrix.Principals[column];
        await using var scene = await MatrixScene.StartAsync(principal);
        List<string> wrong = [];
        List<CatalogTestAnswer> refused = [];
        foreach (var row in EndpointMatrix.Rows)
        {
            string cell = row.Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries)[column];
            foreach (var (sign, target, other) in new[] { (cell[0], principal.Mine, principal.Other), (cell[1], principal.Other, principal.Mine) })
            {
                await scene.PrepareAsync(row, target);
                long before = (await scene.Server.Catalog.Log.ReadAsync()).Number;
                var answer = await scene.SendAsync(row, target, other);
                int expected = sign switch { '!' => 401, '-' => 403, _ => row.Status };
                if (answer.Status != expected)
                    wrong.Add($"{row.Route} {row.Kind} on {target}: {answer.Status} instead of {expected}: {answer.Body}");
                if (sign == '+')
                    continue;
                refused.Add(answer);
                Assert.Equal(before, (await scene.Server.Catalog.Log.ReadAsync()).Number);
                // Of what may not be seen nobody learns whether it is there.
                if (!IsVisible(column, target == principal.Mine) && answer.Status == expected)
                    await scene.RequireSameAsync(row, answer, Absent(row, target), other);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        if (principal.Statements is not null)
            await scene.RequireAuditedAsync(refused);
    }

    [Fact]
    public async Task Commits_OfAUser_AreInTheHistoryInItsName()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var ada = await server.ConnectAsUserAsync("ada", "readwrite");
        (await ada.PostAsync("/v1/lake/namespaces", """{"namespace":["b"]}""")).Require(200);
        (await ada.PostAsync("/v1/lake/namespaces/b/tables", Bodies.Table("t"))).Require(200);
        (await ada.PostAsync("/v1/lake/namespaces/b/tables/t", Bodies.SetProperty("k", "v"))).Require(200);
        var principals = new List<string>();
        await foreach (var commit in server.Catalog.Log.ReadHistoryAsync())
            principals.Add(commit.Principal);
        Assert.Equal(["ada", "ada", "ada"], principals.TakeLast(3));
    }

    private static bool IsVisible(int column, bool isMine) =>
        EndpointMatrix.Rows.First(r => r.Route == "loadTable").Cells.Split(' ', StringSplitOptions.RemoveEmptyEntries)[column][isMine ? 0 : 1] == '+';

    // The same request about something that is not there; where the request names a namespace alone, about a namespace that is not.
    private static MatrixTarget Absent(MatrixRow row, MatrixTarget target) =>
        (Routes().First(r => r.Name == row.Route).Path + row.Body) is var text && (text.Contains("{table}", StringComparison.Ordinal) || text.Contains("{view}", StringComparison.Ordinal))
            ? target with { Table = Missing, View = Missing } : target with { Namespace = target.Namespace + Missing };

    // The operations are not called: only their names and paths are read.
    private static IReadOnlyList<Route> Routes() => RouteTable.All(null!);

    // As resources, and as messages write names.
    [GeneratedRegex(@"arn:tarn:catalog:::[^ ]+|\b(a|b)(missing)?\.(t|u|v|w|missing)\b")]
    private static partial Regex Names();

    /// <summary>A server with everything that the matrix speaks of, and somebody who uses it.</summary>
    private sealed class MatrixScene : IAsyncDisposable
    {
        private readonly MatrixPrincipal _principal;
        private readonly CatalogTestClient _root, _caller;
        private long _prepared = -1;

        private MatrixScene(MatrixPrincipal principal, CatalogTestServer server, CatalogTestClient root, CatalogTestClient caller) => (_principal, Server, _root, _caller) = (principal, server, root, caller);

        public CatalogTestServer Server { get; }

        public static async Task<MatrixScene> StartAsync(MatrixPrincipal principal)
        {
            var server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 } });
            if (principal.Statements is { } statements && statements.Contains('{', StringComparison.Ordinal))
                await server.Administration.PutPolicyAsync(principal.Name, $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""");
            var caller = principal.Statements is null ? server.ConnectAnonymously()
                : await server.ConnectAsUserAsync("user-" + principal.Name, principal.Statements.Contains('{', StringComparison.Ordinal) ? principal.Name : principal.Statements);
            var scene = new MatrixScene(principal, server, await server.ConnectAsync(), caller);
            await new CatalogWarehouses(server.Catalog, "root").CreateAsync("far", "s3://lake/far", System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
            await scene.RestoreAsync(new MatrixTarget("lake", "a"));
            await server.Catalog.Log.AppendAsync(new CommitRequest("root", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
            return scene;
        }

        /// <summary>Puts everything back, and removes what the row wants removed.</summary>
        public async Task PrepareAsync(MatrixRow row, MatrixTarget target)
        {
            if (_prepared != (await Server.Catalog.Log.ReadAsync()).Number)
            {
                await RestoreAsync(_principal.Mine);
                await RestoreAsync(_principal.Other);
            }

            _prepared = (await Server.Catalog.Log.ReadAsync()).Number;
            if (row.Deleted is { } gone)
                (await _root.DeleteAsync(Fill(gone, target, target, ""))).Require(204);
        }

        public async Task<CatalogTestAnswer> SendAsync(MatrixRow row, MatrixTarget target, MatrixTarget other)
        {
            var route = Routes().First(r => r.Name == row.Route);
            string uri = row.Route == "signRequest" && target.Table != Missing ? await UriAsync(target) : "http://127.0.0.1:9000/lake/a";
            string path = Fill(route.Path + row.Query, target, other, uri).Replace("{function}", "f", StringComparison.Ordinal).Replace("{plan-id}", "x", StringComparison.Ordinal);
            return await _caller.SendAsync(route.Method, path, route.Method == "POST" ? Fill(row.Body ?? "", target, other, uri) : null);
        }

        /// <summary>Checks that a refusal does not differ from that of what is not there.</summary>
        public async Task RequireSameAsync(MatrixRow row, CatalogTestAnswer refusal, MatrixTarget absent, MatrixTarget other)
        {
            // What was denied by name is not denied under another.
            if (_principal.Name == "denied" && absent.Namespace.EndsWith(Missing, StringComparison.Ordinal))
                return;
            var answer = await SendAsync(row, absent, other);
            Assert.Equal((refusal.Status, Names().Replace(refusal.Body, "NAME")), (answer.Status, Names().Replace(answer.Body, "NAME")));
        }

        /// <summary>Checks that the trail tells of each refusal who was refused what, and why.</summary>
        public async Task RequireAuditedAsync(List<CatalogTestAnswer> refused)
        {
            await Server.Access.DisposeAsync();
            var denials = (await AuditTrail.ReadAsync(Server.Folder)).Where(e => !e.IsAllowed).ToLookup(e => e.RequestId);
            Assert.All(refused, answer => Assert.Contains(
                denials[answer.RequestId],
                e => e.Kind == AuditKind.Decision && e.Principal.EndsWith("/user-" + _principal.Name, StringComparison.Ordinal) && e.AccessKeyId is not null
                    && e.Action.StartsWith("catalog:", StringComparison.Ordinal) && e.Resource.StartsWith("arn:tarn:catalog:::", StringComparison.Ordinal) && e.Reason.Length > 0 && e.Source is not null));
        }

        public async ValueTask DisposeAsync()
        {
            _caller.Dispose();
            _root.Dispose();
            await Server.DisposeAsync();
        }

        private async Task<string> UriAsync(MatrixTarget target) =>
            "http://127.0.0.1:9000/" + (await _root.GetAsync(Fill("/v1/{prefix}/namespaces/{namespace}/tables/{table}", target, target, ""))).Require(200).GetProperty("metadata").GetProperty("location").GetString()!["s3://".Length..];

        private async Task RestoreAsync(MatrixTarget target)
        {
            string space = Fill("/v1/{prefix}/namespaces/{namespace}", target, target, "");
            if ((await _root.HeadAsync(space)).Status == 404)
                (await _root.PostAsync(space[..space.LastIndexOf('/')], Fill("""{"namespace":["{namespace}"]}""", target, target, ""))).Require(200);
            await _root.DeleteAsync(space + "%1Fn");
            foreach (var (kind, wanted, body) in new[] { ("tables", new[] { "t", "u" }, (Func<string, string>)(n => Bodies.Table(n))), ("views", ["v", "w"], n => Bodies.View(n)) })
            {
                string[] present = [.. (await _root.GetAsync($"{space}/{kind}")).Require(200).GetProperty("identifiers").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];
                foreach (string extra in present.Except(wanted))
                    (await _root.DeleteAsync($"{space}/{kind}/{extra}")).Require(204);
                foreach (string lacking in wanted.Except(present))
                    (await _root.PostAsync($"{space}/{kind}", body(lacking))).Require(200);
            }
        }

        private static string Fill(string text, MatrixTarget target, MatrixTarget other, string uri) => text
            .Replace("{prefix}", Uri.EscapeDataString(target.Warehouse), StringComparison.Ordinal)
            .Replace("{namespace}", target.Namespace, StringComparison.Ordinal).Replace("{table}", target.Table, StringComparison.Ordinal).Replace("{view}", target.View, StringComparison.Ordinal)
            .Replace("{other-namespace}", other.Namespace, StringComparison.Ordinal).Replace("{other-table}", other.Table, StringComparison.Ordinal)
            .Replace("{root}", target.Warehouse == "far" ? "s3://lake/far" : "s3://lake", StringComparison.Ordinal).Replace("{uri}", uri, StringComparison.Ordinal);
    }
}
