using System.Text.RegularExpressions;

namespace Tarn.Testing.SqlFiles;

/// <summary>Reads the records of a file.</summary>
internal sealed partial class SqlTestParser(string name, string text)
{
    private readonly string[] _lines = text.ReplaceLineEndings("\n").Split('\n');
    private readonly List<SqlTestCondition> _conditions = [];
    private int _at;

    public IReadOnlyList<SqlTestRecord> Read()
    {
        List<SqlTestRecord> records = [];
        while (Next() is { } line)
        {
            records.AddRange(ReadRecord(line));
        }

        return _conditions.Count == 0 ? records : throw Broken("a condition stands before a record");
    }

    // The next line that says something; null at the end.
    private string? Next()
    {
        while (_at < _lines.Length && (_lines[_at].Trim().Length == 0 || _lines[_at].StartsWith('#')))
        {
            _at++;
        }

        return _at < _lines.Length ? _lines[_at++] : null;
    }

    private IReadOnlyList<SqlTestRecord> ReadRecord(string line)
    {
        var start = _at;
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words[0] is "skipif" or "onlyif")
        {
            _conditions.Add(words.Length >= 3
                ? new SqlTestCondition(words[0] == "onlyif", words[1], string.Join(' ', words[2..]))
                : throw Broken($"{words[0]} needs a configuration and a reason"));
            return [];
        }

        IReadOnlyList<SqlTestRecord> records = words[0] switch
        {
            "statement" => [ReadStatement(line, words)],
            "query" => [ReadQuery(words)],
            "reopen" => [new ReopenRecord()],
            "halt" => [new HaltRecord()],
            "foreach" => ReadLoop(words),
            _ => throw Broken($"expected statement, query, skipif, onlyif, reopen, halt or foreach, found '{words[0]}'"),
        };
        IReadOnlyList<SqlTestCondition> conditions = [.. _conditions];
        _conditions.Clear();
        return [.. records.Select(record => record with
        {
            Line = record.Line == 0 ? start : record.Line,
            Conditions = [.. conditions, .. record.Conditions],
        })];
    }

    private StatementRecord ReadStatement(string line, string[] words)
    {
        var kind = words.ElementAtOrDefault(1);
        var pattern = kind == "error" && words.Length > 2 ? line[(line.IndexOf("error", StringComparison.Ordinal) + 5)..].Trim() : null;
        if (kind is not ("ok" or "error") || (kind == "ok" && words.Length > 2))
        {
            throw Broken("expected 'statement ok' or 'statement error pattern'");
        }

        var sql = ReadSql(out var hasExpected);
        if (hasExpected)
        {
            pattern = kind == "error" && pattern is null ? string.Join('\n', ReadExpected()).Trim() : throw Broken("'----' does not belong here");
        }

        return new StatementRecord(sql, kind == "ok" ? null : Checked(pattern));
    }

    private string Checked(string? pattern)
    {
        try
        {
            return pattern is { Length: > 0 } && new Regex(pattern).ToString() is { } valid ? valid : throw Broken("statement error needs a pattern");
        }
        catch (ArgumentException error)
        {
            throw Broken(error.Message);
        }
    }

    private QueryRecord ReadQuery(string[] words)
    {
        var types = words.ElementAtOrDefault(1) ?? "";
        if (types.Length == 0 || types.Any(type => type is not ('I' or 'R' or 'T')))
        {
            throw Broken($"the types of a query are letters of I, R and T, found '{types}'");
        }

        var sort = words.ElementAtOrDefault(2) switch
        {
            null or "nosort" => SqlTestSort.None,
            "rowsort" => SqlTestSort.Rows,
            var other => throw Broken($"expected nosort or rowsort, found '{other}'"),
        };
        var sql = ReadSql(out var hasExpected);
        return hasExpected
            ? new QueryRecord(sql, types, sort, [.. ReadExpected().Select(row => SplitRow(row, types.Length))])
            : throw Broken("a query needs '----' and the rows behind it");
    }

    private string ReadSql(out bool hasExpected)
    {
        List<string> sql = [];
        hasExpected = false;
        while (_at < _lines.Length && _lines[_at].Trim().Length > 0)
        {
            var line = _lines[_at++];
            if (line.TrimEnd() == "----")
            {
                hasExpected = true;
                break;
            }

            sql.Add(line);
        }

        return sql.Count > 0 ? string.Join('\n', sql).TrimEnd().TrimEnd(';') : throw Broken("a statement is missing");
    }

    private List<string> ReadExpected()
    {
        List<string> rows = [];
        while (_at < _lines.Length && _lines[_at].Trim().Length > 0)
        {
            rows.Add(_lines[_at++].TrimEnd());
        }

        return rows;
    }

    // Columns are parted by a tab, or by two or more spaces in a line without tabs.
    private IReadOnlyList<string?> SplitRow(string row, int count)
    {
        var values = count == 1 ? [row.Trim()] : row.Contains('\t', StringComparison.Ordinal) ? row.Split('\t') : Gap().Split(row.Trim());
        return values.Length == count
            ? [.. values.Select(value => value switch { "NULL" => null, "(empty)" => "", _ => value })]
            : throw Broken($"expected {count} columns, found {values.Length} in '{row}'; part them by a tab or two spaces");
    }

    private List<SqlTestRecord> ReadLoop(string[] words)
    {
        if (words.Length < 3)
        {
            throw Broken("expected 'foreach name value …'");
        }

        var bodyStart = _at;
        while (_at < _lines.Length && _lines[_at].Trim() != "endloop")
        {
            _at += _lines[_at].StartsWith("foreach ", StringComparison.Ordinal) ? throw Broken("loops do not nest") : 1;
        }

        var body = _at < _lines.Length ? _lines[bodyStart.._at++] : throw Broken("'endloop' is missing");
        return [.. words.Skip(2).SelectMany(value => ReadBody(body, bodyStart, words[1], value))];
    }

    // Blank lines in front keep the line numbers.
    private IReadOnlyList<SqlTestRecord> ReadBody(string[] body, int before, string variable, string value)
    {
        var filled = string.Join('\n', body).Replace("${" + variable + "}", value, StringComparison.Ordinal);
        return new SqlTestParser(name, new string('\n', before) + filled).Read();
    }

    private FormatException Broken(string problem) => new($"{name}:{_at}: {problem}");

    [GeneratedRegex(" {2,}")]
    private static partial Regex Gap();
}
