namespace Tarn.Conformance.DuckDbSql;

/// <summary>Reads the files of the suite: sqllogictest with DuckDB's words. What a file says of loops is worked out here.</summary>
internal sealed class SuiteFile
{
    private const int MaxRecords = 20_000;
    private static readonly Dictionary<string, string[]> s_collections = Collections();
    private readonly string[] _lines;
    private readonly List<SuiteRecord> _records = [];

    private SuiteFile(string[] lines) => _lines = lines;

    /// <summary>The records of a file in the order in which they run.</summary>
    /// <exception cref="FormatException">A loop is never ended, or has too many turns.</exception>
    public static IReadOnlyList<SuiteRecord> Read(string path)
    {
        var file = new SuiteFile(File.ReadAllLines(path));
        file.ReadBlock(0, file._lines.Length, []);
        return file._records;
    }

    private void ReadBlock(int from, int to, Dictionary<string, string> variables)
    {
        var conditions = new List<string>();
        for (int i = from; i < to;)
        {
            string line = _lines[i].Trim();
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || line[0] == '#')
            {
                i++;
            }
            else if (words[0] is "onlyif" or "skipif")
            {
                conditions.Add(line);
                i++;
            }
            else if (words[0] is "loop" or "foreach" && Holds(conditions, variables))
            {
                int end = EndOfLoop(i, to);
                foreach (var turn in Turns(words, variables))
                    ReadBlock(i + 1, end, turn);
                i = end + 1;
            }
            else if (words[0] is "statement" or "query")
            {
                i = ReadStatement(i, to, words, variables, Holds(conditions, variables));
            }
            else
            {
                _records.Add(new(i + 1, RecordKind.Directive, [.. words.Select(w => Replace(w, variables))]));
                i++;
            }
        }
    }

    private int ReadStatement(int i, int to, string[] words, Dictionary<string, string> variables, bool wanted)
    {
        int first = i + 1, end = first;
        while (end < to && _lines[end].Trim().Length > 0 && _lines[end].Trim() != "----")
            end++;
        int behind = end < to && _lines[end].Trim() == "----" ? end + 1 : end;
        int last = behind;
        if (behind > end)
        {
            while (last < to && _lines[last].TrimEnd('\r').Length > 0)
                last++;
        }

        bool isQuery = words[0] == "query";
        if (_records.Count >= MaxRecords)
            throw new FormatException($"line {first}: more than {MaxRecords} records");
        if (wanted)
        {
            _records.Add(new(first, isQuery ? RecordKind.Query : KindOf(words[1]), words)
            {
                Sql = Replace(string.Join('\n', _lines[first..end]), variables),
                Expected = [.. _lines[behind..last].Select(l => Replace(l, variables))],
                Sort = isQuery ? words.Skip(2).FirstOrDefault(w => w is "nosort" or "rowsort" or "valuesort" or "sort") ?? "nosort" : "",
                Connection = !isQuery && words.Length > 2 ? words[2] : isQuery ? words.Skip(2).FirstOrDefault(w => w.StartsWith("con", StringComparison.Ordinal)) ?? "" : "",
            });
        }

        return last;
    }

    private static RecordKind KindOf(string word) => word switch
    {
        "ok" => RecordKind.Ok,
        "error" => RecordKind.Error,
        _ => RecordKind.Maybe,
    };

    private int EndOfLoop(int start, int to)
    {
        int depth = 0;
        for (int i = start; i < to; i++)
        {
            string word = _lines[i].TrimStart().Split(' ', 2)[0].Trim();
            if (word is "loop" or "foreach" or "concurrentloop" or "concurrentforeach")
                depth++;
            else if (word == "endloop" && --depth == 0)
                return i;
        }

        throw new FormatException($"line {start + 1}: endloop is missing");
    }

    private static IEnumerable<Dictionary<string, string>> Turns(string[] words, Dictionary<string, string> variables)
    {
        if (words[0] == "loop")
        {
            int from = int.Parse(Replace(words[2], variables)), to = int.Parse(Replace(words[3], variables));
            for (int i = from; i < to; i++)
                yield return new(variables) { [words[1]] = i.ToString() };
            yield break;
        }

        string[] names = words[1].Split(',');
        var values = new List<string>();
        foreach (string word in words.Skip(2).Select(w => Replace(w, variables)))
        {
            if (word.StartsWith('!'))
                values.Remove(word[1..]);
            else
                values.AddRange(s_collections.GetValueOrDefault(word) ?? [word]);
        }

        foreach (string value in values)
        {
            var turn = new Dictionary<string, string>(variables);
            foreach (var (name, part) in names.Length == 1 ? [(names[0], value)] : names.Zip(value.Split(',')))
                turn[name] = part;
            yield return turn;
        }
    }

    private static bool Holds(List<string> conditions, Dictionary<string, string> variables)
    {
        bool holds = conditions.TrueForAll(c => Holds(c.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), variables));
        conditions.Clear();
        return holds;
    }

    private static bool Holds(string[] condition, Dictionary<string, string> variables)
    {
        string[] parts = condition[1].Split('=');
        bool isMet = parts.Length == 2 ? variables.GetValueOrDefault(parts[0]) == parts[1] : condition[1] == "duckdb";
        return isMet == (condition[0] == "onlyif");
    }

    private static string Replace(string text, Dictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
            text = text.Replace($"${{{name}}}", value, StringComparison.Ordinal).Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text;
    }

    private static Dictionary<string, string[]> Collections()
    {
        string[] signed = ["tinyint", "smallint", "integer", "bigint", "hugeint"], unsigned = ["utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"];
        string[] numeric = [.. signed, .. unsigned, "float", "double"];
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["<signed>"] = signed,
            ["<unsigned>"] = unsigned,
            ["<integral>"] = [.. signed, .. unsigned],
            ["<numeric>"] = numeric,
            ["<alltypes>"] = [.. numeric, "bool", "interval", "varchar"],
            ["<compression>"] = ["none", "uncompressed", "rle", "bitpacking", "dictionary", "fsst", "alp", "alprd"],
        };
    }
}
