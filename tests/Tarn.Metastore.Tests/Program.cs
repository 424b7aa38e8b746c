using System.Globalization;
using Tarn.Metastore.Tests.Processes;

// The test assembly is also the program that the tests start: processes that commit, and the measurement of commits per second.
return args switch
{
    ["commit", var folder, var writer, var count] => await Committer.RunAsync(folder, writer, int.Parse(count, CultureInfo.InvariantCulture)),
    ["measure", var folder, .. var rest] => await CommitRate.RunAsync(folder, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 300),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Tarn.Metastore.Tests commit FOLDER WRITER COUNT | measure FOLDER [COUNT]");
    return 2;
}
