namespace Tarn.Catalog.Tests.Hive.Recordings;

/// <summary>Where the answers are meant to differ from the recorded ones.</summary>
internal static class KnownDifferences
{
    /// <summary>
    /// Calls that are not sent again, because the recorded server refused what is right (columns that changed their types by position), and the client's
    /// next calls rest on that.
    /// </summary>
    public static bool IsNotSent(RecordedCall call) => call is { Scenario: "rtas", Method: "alter_table_with_environment_context" };

    /// <summary>Answers that differ for a reason.</summary>
    public static bool IsKnown(string file, RecordedCall call, string difference) => call switch
    {
        // Version 4 has removed the old calls, and says the catalog before the name of a database.
        _ when difference.Contains("Invalid method name", StringComparison.Ordinal) => true,
        _ when difference.Contains("'database hive.", StringComparison.Ordinal) => true,
        // Which of several writers got the lock first.
        { Method: "check_lock" or "lock" } when call.Scenario.StartsWith("concurrent-", StringComparison.Ordinal) => true,
        // Compare-and-swap by previous_metadata_location, which no recorded server does; then the next calls of the probe find another state.
        { Scenario: "alter-no-cas-wrong-previous" or "get_table-after" or "alter-rename" or "alter-rename-exists" or "drop_table_env" } => true,
        // Version 3 does not know the keys of compare-and-swap.
        { Scenario: "alter-cas-missing-key" } => file == "probe-3.1.3",
        // The very same change again is success.
        { Scenario: "alter-cas-stale" or "create_table-exists" } => difference.EndsWith("became {}", StringComparison.Ordinal),
        // A defect of Derby, and texts that differ between the versions.
        { Method: "get_table_names_by_filter" } => difference.Contains("Exception thrown when executing query", StringComparison.Ordinal) || call.Scenario.EndsWith("-bad", StringComparison.Ordinal),
        // Version 3 answered that the lock of a dead holder still stands, version 4 that it is gone.
        { Scenario: "lock-after-expiry" } => file == "probe-3.1.3",
        // A metastore moves the folder of a managed table with its name; here files stay where they are.
        { Method: "get_table_req" } => file == "trino-hive" && difference == ".1.7.2: 's3a://hms/hs_hive/w' became 's3a://hms/hs_hive/u'",
        _ => false,
    };
}
