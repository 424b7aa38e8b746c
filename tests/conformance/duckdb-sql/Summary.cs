namespace Tarn.Conformance.DuckDbSql;

/// <summary>Counts of a run, for a reader.</summary>
internal static class Summary
{
    private const int MaxReasons = 60;

    /// <summary>Prints the counts; answers the exit code.</summary>
    public static int Print(IReadOnlyList<Judgement> all, KnownDifferences known)
    {
        Console.WriteLine($"{"group",-20}{"passed",9}{"as plain",10}{"not appl.",11}{"not judged",12}{"differs",9}");
        foreach (var group in all.GroupBy(j => j.File.Split('/')[2]).OrderBy(g => g.Key, StringComparer.Ordinal))
            Line(group.Key, [.. group]);
        Line("all", all);
        Console.WriteLine();
        Reasons("not applicable", all.Where(j => j.Verdict == Verdict.NotApplicable));
        var unknown = all.Where(j => j.Verdict == Verdict.Differs && known.ReasonOf(j) is null).ToList();
        Reasons("differs, and known", all.Where(j => j.Verdict == Verdict.Differs && known.ReasonOf(j) is not null).Select(j => j with { Class = known.ReasonOf(j)! }));
        Reasons("differs, and not known", unknown);
        foreach (var judgement in unknown.Take(MaxReasons))
            Console.WriteLine($"  {judgement.File}:{judgement.Line} {judgement.Class}");
        return unknown.Count > 0 ? 1 : 0;
    }

    private static void Line(string name, IReadOnlyList<Judgement> judgements)
    {
        int Count(Verdict verdict) => judgements.Count(j => j.Verdict == verdict);
        Console.WriteLine($"{name,-20}{Count(Verdict.Passed),9}{Count(Verdict.AsPlain),10}{Count(Verdict.NotApplicable),11}{Count(Verdict.NotJudged),12}{Count(Verdict.Differs),9}");
    }

    private static void Reasons(string title, IEnumerable<Judgement> judgements)
    {
        Console.WriteLine($"{title}:");
        foreach (var reason in judgements.GroupBy(j => j.Class).OrderByDescending(g => g.Count()).Take(MaxReasons))
            Console.WriteLine($"{reason.Count(),8}  {reason.Key}");
    }
}
