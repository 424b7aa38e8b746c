using System.Collections.Concurrent;
using System.Text.Json;
using Tarn.Conformance.DuckDbSql;

// tests/conformance/duckdb-sql/run --suite FOLDER [--details FILE] [--jobs N] GROUP…
var known = KnownDifferences.Read(Path.Combine(AppContext.BaseDirectory, "known-differences.tsv"));
var options = SuiteOptions.Parse(args);
Directory.SetCurrentDirectory(options.Suite);
string work = Directory.CreateTempSubdirectory("tarn-duckdb-sql-").FullName;
var judgements = new ConcurrentBag<Judgement>();
try
{
    await Parallel.ForEachAsync(options.Files(), new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, async (file, _) =>
    {
        string folder = Path.Combine(work, file.Replace('/', '_'));
        if (options.IsVerbose)
            Console.Error.WriteLine($"> {file}");
        try
        {
            foreach (var judgement in await new FileRun(file, folder, options.Limit).RunAsync(SuiteFile.Read(file)))
                judgements.Add(judgement);
        }
        catch (Exception error)
        {
            judgements.Add(new(file, 0, Verdict.Differs, "the file did not run", error.ToString()));
        }

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    });
}
finally
{
    Directory.Delete(work, recursive: true);
}

var all = judgements.OrderBy(j => j.File, StringComparer.Ordinal).ThenBy(j => j.Line).ToList();
if (options.Details is { } details)
    File.WriteAllLines(details, all.Where(j => j.Verdict != Verdict.Passed).Select(j => JsonSerializer.Serialize(new { j.File, j.Line, Verdict = j.Verdict.ToString(), j.Class, j.Detail })));
return Summary.Print(all, known);
