using Tarn.S3.Tests.Hosting;
using Tarn.Testing;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Recordings;

/// <summary>Each recorded scenario, sent again to a fresh server by its own bytes where possible, gets the equivalent answers.</summary>
public sealed class ReplayTests
{
    private const string KeyId = "judgekey";

    // Scenarios of one ordinary run; a soak replays all of them.
    private const int SliceCount = 8;

    [Fact]
    public async Task Replay_RecordedScenarios_GetTheEquivalentAnswers()
    {
        var scenarios = RecordedRequest.All().GroupBy(r => r.Scenario).ToList();
        List<string> differences = [];
        int compared = 0;
        foreach (var scenario in Soak.Some(scenarios, SliceCount))
            compared += await ReplayAsync([.. scenario], differences);
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} answers differ:\n" + string.Join('\n', differences));
    }

    private static async Task<int> ReplayAsync(IReadOnlyList<RecordedRequest> scenario, List<string> differences)
    {
        (string Id, string Secret) key = (KeyId, RecordedRequest.Keys()[KeyId]);
        var time = new FixedTime(ReplayedRequest.SignedAt(scenario[0])!.Value);
        await using var server = await S3TestServer.StartAsync(time: time, root: key);
        var owner = (await server.Access.FindAccessKeyAsync(KeyId)).Credential!.Caller.CanonicalId;
        await ReplayState.Of(scenario).PrepareAsync(server.Store, owner);
        var names = new ReplayedNames();
        int compared = 0;
        foreach (var recorded in scenario.OrderBy(r => ReplayedRequest.SignedAt(r) ?? time.Now).ThenBy(r => r.Number))
        {
            // What the recording proxy refused never reached a server.
            if (recorded.IsInjected || ReplayExceptions.Reason(recorded) is not null)
                continue;
            time.Now = ReplayedRequest.SignedAt(recorded) ?? time.Now;
            var sent = ReplayedRequest.Of(recorded, names, key, time.Now);
            await using var connection = await RawConnection.OpenAsync(server.Http);
            var answer = await connection.SendAsync(recorded.Method, sent.Target, sent.Headers, sent.Body);
            names.Learn(recorded, answer);
            compared++;
            differences.AddRange(AnswerComparison.Differences(recorded, sent, answer).Select(d => $"{recorded}{(sent.IsVerbatim ? "" : " (signed again)")}: {d}"));
        }

        return compared;
    }
}
