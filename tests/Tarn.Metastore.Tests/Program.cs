using System.Globalization;
using Tarn.Metastore.Tests.Processes;

// The test assembly is also the program that the tests start: processes that commit, and the measurement of commits per second.
return args switch
{
    ["commit", var folder, var writer, var count] => await Committer.RunAsync(folder, writer, int.Parse(count, CultureInfo.InvariantCulture)),
    ["commit-postgres", var schema, var process, var threads, var count] =>
        await PostgresCommitter.RunAsync(schema, process, int.Parse(threads, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)),
    ["measure-postgres", .. var rest] => await PostgresCommitRate.RunAsync(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 300),
    ["measure", var folder, .. var rest] => await CommitRate.RunAsync(folder, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 300),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Tarn.Metastore.Tests commit FOLDER WRITER COUNT | commit-postgres SCHEMA PROCESS THREADS COUNT | measure FOLDER [COUNT] | measure-postgres [COUNT]");
    return 2;
}
