using System.Text.RegularExpressions;
using Tarn.Core.Errors;

namespace Tarn.Conformance.DuckDbSql;

/// <summary>Runs one file in Tarn and, beside it, in the engine alone, and judges each record.</summary>
internal sealed partial class FileRun(string name, string work, TimeSpan limit)
{
    // Of the words behind "require", those that this runner and the engine's build meet.
    private static readonly HashSet<string> s_met =
    [
        "parquet", "json", "icu", "core_functions", "autocomplete", "skip_reload", "noforcestorage", "no_force_storage", "no_alternative_verify", "noalternativeverify", "no_extension_autoloading",
        "vector_size", "no_vector_verification", "64bit", "notwindows", "notmingw", "notmusl", "longdouble", "block_size", "no_latest_storage", "ram", "allow_unsigned_extensions", "strinline",
    ];

    // Words that change how the suite's own runner checks itself, never what a query answers.
    private static readonly HashSet<string> s_idle = ["mode", "hash-threshold", "set", "tags", "sleep", "reset", "continue", "unzip", "template", "test-env"];
    private readonly List<Judgement> _judgements = [];
    private readonly Dictionary<string, string> _tainted = new(StringComparer.OrdinalIgnoreCase);
    private string? _stopped;

    /// <summary>Judges every record of a file.</summary>
    public async Task<IReadOnlyList<Judgement>> RunAsync(IReadOnlyList<SuiteRecord> records)
    {
        string plainFolder = Directory.CreateDirectory(Path.Combine(work, "plain")).FullName, tarnFolder = Directory.CreateDirectory(Path.Combine(work, "tarn")).FullName;
        await using var plain = new PlainSide(limit);
        await using var tarn = new TarnSide(Path.Combine(work, "lake"), limit);
        foreach (var record in records)
        {
            if (record.Kind == RecordKind.Directive)
                Direct(record);
            else if (_stopped is not null)
                Judge(record, Verdict.NotApplicable, _stopped);
            else if (!IsIdlePragma(record.Sql))
                await JudgeAsync(record, await plain.RunAsync(record.Connection, Prepared(record.Sql, plainFolder)).ConfigureAwait(false), () => tarn.RunAsync(record.Connection, Relaxed(Prepared(record.Sql, tarnFolder)))).ConfigureAwait(false);
        }

        return _judgements;
    }

    private void Direct(SuiteRecord record)
    {
        string word = record.Words[0];
        if (word == "load" && record.Words.Count > 1 && record.Words[1].Contains("TEST_DIR", StringComparison.Ordinal))
            return;
        if (!s_idle.Contains(word) && !(word == "require" && s_met.Contains(record.Words[1].ToLowerInvariant())))
            _stopped ??= word == "require" ? $"require {record.Words[1]}" : $"the runner's word {word}";
    }

    private async Task JudgeAsync(SuiteRecord record, Answer plain, Func<Task<Answer>> run)
    {
        if (_tainted.FirstOrDefault(t => Regex.IsMatch(record.Sql, $@"(?<![\w]){Regex.Escape(t.Key)}(?![\w])", RegexOptions.IgnoreCase)) is { Key: not null } taint)
        {
            Taint(record.Sql, taint.Value);
            Judge(record, Verdict.NotApplicable, taint.Value);
            return;
        }

        var tarn = await run().ConfigureAwait(false);
        var judged = record.Kind switch
        {
            RecordKind.Maybe => (Verdict.Passed, "", ""),
            RecordKind.Error => OfError(record, plain, tarn),
            RecordKind.Ok => OfStatement(plain, tarn),
            _ => OfQuery(record, plain, tarn),
        };
        if (judged.Item1 == Verdict.Differs && OfEngine().Match(record.Sql) is { Success: true } own)
            judged = (Verdict.NotApplicable, $"the engine's own: {own.Value.Trim().ToLowerInvariant()}", judged.Item3);
        Judge(record, judged.Item1, judged.Item2, judged.Item3);
        if (judged.Item1 is Verdict.NotApplicable or Verdict.NotJudged or Verdict.Differs && record.Kind != RecordKind.Error && tarn.Error is not null)
            Taint(record.Sql, judged.Item1 == Verdict.Differs ? "follows a difference" : judged.Item2);
        else if (judged.Item1 != Verdict.Passed && record.Kind == RecordKind.Error && tarn.Error is null && plain.Error is not null)
            Taint(record.Sql, judged.Item1 == Verdict.Differs ? "follows a difference" : judged.Item2);
    }

    private static (Verdict, string, string) OfStatement(Answer plain, Answer tarn)
    {
        if (plain.Error is not null)
            return tarn.Error is null ? (Verdict.NotJudged, "plain DuckDB fails", plain.Error.Message) : (Verdict.AsPlain, "plain DuckDB fails", plain.Error.Message);
        return tarn.Error is null ? (Verdict.Passed, "", "") : OfRefusal(tarn.Error);
    }

    private static (Verdict, string, string) OfError(SuiteRecord record, Answer plain, Answer tarn)
    {
        if (plain.Error is null)
            return tarn.Error is null ? (Verdict.AsPlain, "plain DuckDB succeeds", "") : (Verdict.NotJudged, "plain DuckDB succeeds", tarn.Error.Message);
        if (tarn.Error is null)
            return (plain.Error.Message.StartsWith("Constraint Error", StringComparison.Ordinal), plain.Error.Message.StartsWith("Out of Range Error: Overflow in", StringComparison.Ordinal)) switch
            {
                (true, _) => (Verdict.NotApplicable, "keys and checks", plain.Error.Message),
                (_, true) => (Verdict.NotApplicable, "small whole numbers are stored wider", plain.Error.Message),
                _ => (Verdict.Differs, "no error", plain.Error.Message),
            };
        string wanted = string.Join('\n', record.Expected);
        bool says = wanted.Length == 0 || Says(tarn.Error.Message, wanted) || !Says(plain.Error.Message, wanted);
        if (!says && OfRefusal(tarn.Error) is { Item1: Verdict.NotApplicable } refusal)
            return refusal;
        return says && !tarn.IsTimeout ? (Verdict.Passed, "", "") : (Verdict.Differs, tarn.IsTimeout ? "time" : "error text", $"wanted: {wanted}\nplain: {plain.Error.Message}\ntarn: {tarn.Error.GetType().Name}: {tarn.Error.Message}");
    }

    private static bool Says(string message, string wanted) =>
        wanted.StartsWith("<REGEX>:", StringComparison.Ordinal)
            ? Regex.IsMatch(message, ErrorKindWords().Replace(wanted[8..], ".*"), RegexOptions.Singleline)
            : OneLine(message).Contains(OneLine(ErrorKindWords().Replace(wanted, "")), StringComparison.OrdinalIgnoreCase);

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Tarn tells kinds of errors by ErrorKind, and not in the message.
    [GeneratedRegex(@"\b(?:[A-Z][A-Za-z]* )+Error(?::\s*|\b)")]
    private static partial Regex ErrorKindWords();

    private static (Verdict, string, string) OfQuery(SuiteRecord record, Answer plain, Answer tarn)
    {
        bool isPlainRight = plain.Error is null && RowJudge.Fits(plain, record);
        if (tarn.Error is not null)
            return plain.Error is not null ? (Verdict.AsPlain, "plain DuckDB fails", plain.Error.Message) : OfRefusal(tarn.Error);
        if (plain.Error is not null)
            return (Verdict.NotJudged, "plain DuckDB fails", plain.Error.Message);
        if (tarn.Columns.Count == 0 && plain.Columns is [{ Name: "Count" }])
            return (Verdict.Passed, "", "");
        bool isSame = RowJudge.IsSame(tarn, plain, record.Sql);
        if (!(isPlainRight ? isSame || RowJudge.Fits(tarn, record) : isSame))
            return (isPlainRight ? Verdict.Differs : Verdict.NotJudged, isPlainRight ? "rows" : "plain DuckDB differs", $"tarn:\n{Shown(tarn)}plain:\n{Shown(plain)}");
        if (tarn.Columns.Zip(plain.Columns).Any(p => p.First.Name != p.Second.Name && !IsOwnText(p.First.Name, record.Sql)))
            return (Verdict.Differs, "names", $"tarn: {string.Join(" | ", tarn.Columns.Select(c => c.Name))}\nplain: {string.Join(" | ", plain.Columns.Select(c => c.Name))}");
        var types = tarn.Columns.Zip(plain.Columns).Where(p => p.First.Type != p.Second.Type && !IsStoredWider(p.Second.Type, p.First.Type)).Select(p => $"{p.Second.Type} is {p.First.Type}").Distinct().ToList();
        if (types.Count > 0)
            return (Verdict.Differs, "types", string.Join("\n", types));
        return (isPlainRight ? Verdict.Passed : Verdict.AsPlain, "", "");
    }

    // A result without a name that asks a table is named by its own text.
    private static bool IsOwnText(string name, string sql) => name.Contains('(', StringComparison.Ordinal) && OneLine(sql).Contains(name, StringComparison.Ordinal);

    // Iceberg has two whole numbers, and instants of two precisions.
    private static bool IsStoredWider(string plain, string tarn) =>
        tarn == Narrow().Replace(plain, m => m.Value switch { "TINYINT" or "SMALLINT" or "UTINYINT" or "USMALLINT" => "INTEGER", "UINTEGER" => "BIGINT", "UBIGINT" => "DECIMAL(20,0)", "HUGEINT" or "UHUGEINT" => "DECIMAL(38,0)", _ => "TIMESTAMP" });

    [GeneratedRegex(@"\b(?:TINYINT|SMALLINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|U?HUGEINT|TIMESTAMP_S|TIMESTAMP_MS)\b")]
    private static partial Regex Narrow();

    private static (Verdict, string, string) OfRefusal(Exception error) => error switch
    {
        OperationCanceledException => (Verdict.Differs, "time", error.Message),
        TarnException { Kind: ErrorKind.Unsupported } => (Verdict.NotApplicable, Reason(error.Message), error.Message),
        TarnException when Named().Match(error.Message) is { Success: true } named => (Verdict.NotApplicable, named.Value, error.Message),
        _ => (Verdict.Differs, "error", $"{error.GetType().Name}: {error.Message}"),
    };

    private static string Reason(string message) => Numbers().Replace(Quoted().Replace(message.Split('\n')[0], "'…'"), "n");

    private static string Shown(Answer answer) => string.Concat(answer.Rows.Take(12).Select(r => "  " + string.Join(" | ", r) + "\n"));

    private void Judge(SuiteRecord record, Verdict verdict, string kind, string detail = "") => _judgements.Add(new(name, record.Line, verdict, kind, detail.Length == 0 ? "" : $"{record.Sql}\n{detail}"));

    // What a statement that did not run was to make or change: later records that name it say nothing.
    private void Taint(string sql, string reason)
    {
        if (Transaction().IsMatch(sql))
            _stopped ??= reason;
        foreach (Match target in Target().Matches(sql))
            _tainted.TryAdd(target.Groups[1].Value.Trim('"').Split('.')[^1].Trim('"'), reason);
        foreach (Match file in WrittenFile().Matches(sql))
            _tainted.TryAdd(file.Groups[1].Value.Split('/')[^1], reason);
    }

    // Keys and temporary tables are not Iceberg's; what else a file asks of such tables can be judged without them.
    private static string Relaxed(string sql) => CreatesTable().IsMatch(sql) ? Key().Replace(TableKey().Replace(Temporary().Replace(sql, "$1"), ""), "") : sql;

    [GeneratedRegex(@"^\s*(?:copy|export)\b.*\b(?:to|database)\s+'([^']+)'", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex WrittenFile();

    private static bool IsIdlePragma(string sql) => Idle().IsMatch(sql);

    private static string Prepared(string sql, string folder) =>
        Setting().Replace(sql.Replace("__TEST_DIR__", folder, StringComparison.Ordinal).Replace("{TEST_DIR}", folder, StringComparison.Ordinal).Replace("{TEMP_DIR}", folder, StringComparison.Ordinal).Replace("{DATA_DIR}", "data", StringComparison.Ordinal).Replace("__WORKING_DIRECTORY__", Directory.GetCurrentDirectory(), StringComparison.Ordinal), "SET $1=$2");

    [GeneratedRegex(@"^\s*create\s+(?:or\s+replace\s+)?(?:temp|temporary|table|view)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CreatesTable();

    [GeneratedRegex(@"^(\s*create\s+(?:or\s+replace\s+)?)(?:temp|temporary)\s+(?=table|view)", RegexOptions.IgnoreCase)]
    private static partial Regex Temporary();

    [GeneratedRegex(@",\s*(?:primary\s+key|unique)\s*\([^)]*\)", RegexOptions.IgnoreCase)]
    private static partial Regex TableKey();

    [GeneratedRegex(@"\s+(?:primary\s+key|unique)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Key();

    [GeneratedRegex(@"^\s*(?:begin|start\s+transaction|commit|rollback|abort|attach|detach|use|checkpoint)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Transaction();

    [GeneratedRegex(@"\b(?:create\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|unique|recursive|global|local)\s+)*(?:table|view|macro|function|type|index|sequence|schema)\s+(?:(?:macro)\s+)?(?:if\s+not\s+exists\s+)?|insert\s+(?:or\s+\w+\s+)?into\s+|update\s+|delete\s+from\s+|merge\s+into\s+|(?:drop|alter)\s+(?:table|view|type|schema)\s+(?:if\s+exists\s+)?|truncate\s+(?:table\s+)?|prepare\s+|copy\s+|attach\s+\S+\s+as\s+)((?:""[^""]+""|\w+)(?:\.(?:""[^""]+""|\w+))*)", RegexOptions.IgnoreCase)]
    private static partial Regex Target();

    [GeneratedRegex(@"^\s*pragma\s+(?:enable_verification|disable_verification|verify_\w+|enable_\w*profiling\w*|disable_\w*profiling\w*|force_\w+|debug_\w+|threads\b|verification|enable_optimizer|disable_optimizer)", RegexOptions.IgnoreCase)]
    private static partial Regex Idle();

    [GeneratedRegex(@"^\s*pragma\s+(\w+)\s*=\s*(.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Setting();

    // What the engine shows of itself and of tables of its own: plans, its catalog, the ids of its rows, its log. DESCRIBE of a table is a statement of Tarn's own.
    [GeneratedRegex(@"^\s*explain\b|^\s*(?:describe|show)(?:\s+(?:""[^""]+""|\w+))?\s*;?\s*$|\b(?:duckdb_[a-z_]+|pragma_[a-z_]+|information_schema|sqlite_master|sqlite_temp_master|pg_[a-z_]+|rowid|enable_logging|enable_profiling|truncate_duckdb_logs|disable_logging|json_serialize_plan|sql_auto_complete|json_execute_serialized_sql|histogram_values|stats|current_database|current_schemas?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OfEngine();

    // What Iceberg's tables do not have, said where the statement says it.
    [GeneratedRegex(@"an Iceberg table knows no [A-Z]+( KEY)?|Iceberg has no type \w+|RETURNING is not supported|files come in with INSERT|is of type [A-Z ]+, which no Iceberg type holds|Iceberg has no list of a fixed length|needs format version|needs its size|ON CONFLICT needs a key|INSERT OR REPLACE and OR IGNORE need a key")]
    private static partial Regex Named();

    [GeneratedRegex(@"'[^']*'|""[^""]*""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b[0-9]+\b")]
    private static partial Regex Numbers();
}
