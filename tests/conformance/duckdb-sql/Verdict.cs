namespace Tarn.Conformance.DuckDbSql;

/// <summary>What became of a record.</summary>
internal enum Verdict
{
    /// <summary>Tarn did what the file says.</summary>
    Passed,

    /// <summary>Plain DuckDB gives something else than the file says here, and Tarn gives the same.</summary>
    AsPlain,

    /// <summary>Tarn refuses it, or what it stands on, by name.</summary>
    NotApplicable,

    /// <summary>Plain DuckDB differs from the file, too, so nothing follows for Tarn: an extension that is missing, a random result, another machine.</summary>
    NotJudged,

    /// <summary>Tarn differs.</summary>
    Differs,
}

/// <summary>The verdict on a record.</summary>
/// <param name="File">The file, below the suite.</param>
/// <param name="Line">Of the statement in it.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Class">The kind of difference, or why it does not apply.</param>
/// <param name="Detail">What was found, for a reader.</param>
internal sealed record Judgement(string File, int Line, Verdict Verdict, string Class, string Detail);
