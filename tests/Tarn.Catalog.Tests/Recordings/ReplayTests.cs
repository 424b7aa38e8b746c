using Tarn.Access.Administration;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Recordings;

/// <summary>Each recorded scenario of a real client, sent again to a fresh catalog, gets the equivalent answers.</summary>
public sealed class ReplayTests
{
    // The key that the recorded clients showed.
    private static readonly RootCredential s_root = new("client", "secret");

    // Scenarios of one ordinary run; a soak replays all of them.
    private const int SliceCount = 20;

    [Fact]
    public async Task Replay_RecordedScenarios_GetTheEquivalentAnswers()
    {
        var scenarios = RecordedCall.All().GroupBy(c => c.Scenario).ToList();
        List<string> differences = [];
        int compared = 0;
        foreach (var scenario in Soak.Some(scenarios, SliceCount))
            compared += await ReplayAsync([.. scenario], differences);
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} answers differ:\n" + string.Join('\n', differences));
    }

    private static async Task<int> ReplayAsync(IReadOnlyList<RecordedCall> scenario, List<string> differences)
    {
        await using var server = await CatalogTestServer.StartAsync(root: s_root);
        using var client = await server.ConnectAsync("client", "secret");
        var unknown = await RecordedState.PrepareAsync(server, scenario);
        var names = new ReplayedNames();
        int compared = 0;
        foreach (var recorded in scenario)
        {
            if (recorded.WasHeldBack || unknown.Contains(string.Join('/', recorded.Path.Split('/').Take(6))) || !IsReplayed(recorded, names))
                continue;
            var answer = await SendAsync(client, recorded, names);
            compared++;
            differences.AddRange(AnswerComparison.Differences(recorded, answer).Select(d => $"{recorded}: {d}"));
            if (recorded.AnswerJson is { } old && answer.Status == 200)
                names.Learn(old, answer.Json);
            names.Learn(recorded.AnswerHeader("ETag"), answer.EntityTag);
        }

        return compared;
    }

    // A tag that no replayed answer had says nothing; what is planned or signed depends on files that the recordings do not hold.
    private static bool IsReplayed(RecordedCall recorded, ReplayedNames names) =>
        !recorded.Path.Contains("/plan", StringComparison.Ordinal)
        && (recorded.Header("If-None-Match") is not { } tag || names.Knows(tag));

    private static Task<CatalogTestAnswer> SendAsync(CatalogTestClient client, RecordedCall recorded, ReplayedNames names)
    {
        // The recorded catalog had one warehouse under any name.
        string query = recorded.Path.EndsWith("/config", StringComparison.Ordinal) ? "" : recorded.Query;
        List<(string, string)> headers = [];
        foreach (string name in new[] { "If-None-Match", "X-Iceberg-Access-Delegation", "Accept-Encoding" })
        {
            if (recorded.Header(name) is { } value)
                headers.Add((name, names.Apply(value)));
        }

        if (recorded.Path.EndsWith("/oauth/tokens", StringComparison.Ordinal) && recorded.Header("Authorization") is { } basic)
            headers.Add(("Authorization", basic));
        return client.SendAsync(recorded.Method, recorded.Path + (query.Length > 0 ? "?" + query : ""), recorded.Body is { } body ? names.Apply(body) : null, [.. headers]);
    }
}
