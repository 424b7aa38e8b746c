using System.Globalization;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Hosting;

namespace Tarn.Catalog.Tests.Hive.Recordings;

/// <summary>What real clients sent, sent again; a difference from what a real metastore answered has to be named here, with its reason.</summary>
public sealed class RecordedScenariosTests
{
    public static TheoryData<string> Files => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Replay_EachCall_GetsTheEquivalentAnswer(string file)
    {
        var calls = Recording.Load(file);
        using var door = new HiveTestDoor(new HiveOptions { WarehouseLocation = "s3a://hms/warehouse", LockTimeout = TimeSpan.FromSeconds(30) });
        var limits = new ThriftLimits();
        var locks = new Dictionary<long, long>();
        var different = new List<string>();
        foreach (var call in calls)
        {
            if (KnownDifferences.IsNotSent(call))
                continue;
            if (call.Scenario is "heartbeat-expired" or "lock-after-expiry" or "unlock-expired")
                door.Time.Advance(TimeSpan.FromSeconds(50));
            var request = ThriftReader.Read(call.Request, limits);
            if (FindTable(request) is { } table)
                await ClientFiles.WriteAsync(door.Store, table);
            var answered = await door.SendAsync(WithOwnLock(request, locks));
            if (call.Response.Length == 0)
                continue;
            var recorded = ThriftReader.Read(call.Response, limits);
            if (call.Method == "lock" && recorded.Body.Struct(0) is { } theirs && answered.Body.Struct(0) is { } ours)
                locks[theirs.Integer(1)] = ours.Integer(1);
            string difference = AnswerComparison.Differences(call.Method, recorded, answered);
            if (difference.Length > 0 && !KnownDifferences.IsKnown(file, call, difference))
                different.Add($"{call.Number} {call.Scenario} {call.Method}: {difference}");
        }

        Assert.True(different.Count == 0, string.Create(CultureInfo.InvariantCulture, $"{different.Count} of {calls.Count} answers of {file} differ:\n{string.Join('\n', different.Take(40))}"));
    }

    private static HiveTable? FindTable(ThriftMessage request) => request.Name switch
    {
        "create_table" or "create_table_with_environment_context" => HiveTable.Read(request.Body.Struct(1)!),
        "alter_table" or "alter_table_with_environment_context" => HiveTable.Read(request.Body.Struct(3)!),
        _ => null,
    };

    // Locks have other numbers here.
    private static ThriftMessage WithOwnLock(ThriftMessage request, Dictionary<long, long> locks)
    {
        if (request.Name is not ("check_lock" or "unlock" or "heartbeat") || !locks.TryGetValue(request.Body.Struct(1)!.Integer(1), out long own))
            return request;
        return request with { Body = new ThriftStruct().With(1, new ThriftStruct().With(1, own)) };
    }
}
