using System.Globalization;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// The filter of <c>get_table_names_by_filter</c>: comparisons of owner, last access and parameters, joined by <c>and</c>, <c>or</c> and brackets, e.g.
/// <c>hive_filter_field_params__table_type = "ICEBERG"</c>.
/// </summary>
internal sealed class TableFilter
{
    private const string Owner = "hive_filter_field_owner__", LastAccess = "hive_filter_field_last_access__", Parameters = "hive_filter_field_params__";

    private readonly Func<Func<string, string?>, bool> _test;
    private readonly IReadOnlySet<string> _fields;

    private TableFilter(Func<Func<string, string?>, bool> test, IReadOnlySet<string> fields) => (_test, _fields) = (test, fields);

    /// <summary>Parses a filter.</summary>
    /// <exception cref="HiveFault">MetaException: it is no filter.</exception>
    public static TableFilter Parse(string text)
    {
        var parser = new Parser(TableFilterTokens.Split(text), text);
        return new TableFilter(parser.ParseAll(), parser.Fields);
    }

    /// <summary>Whether a table fits, as far as a list tells: null when its metadata has to be read first.</summary>
    public bool? TryDecide(ListedTable table) =>
        table.IcebergType is { } type && _fields.SetEquals([Parameters + IcebergParameters.TableType]) ? _test(_ => type) : null;

    /// <summary>Whether a table fits.</summary>
    public bool Fits(HiveTable table) => _test(field => field switch
    {
        Owner => table.Owner,
        LastAccess => table.LastAccessTime.ToString(CultureInfo.InvariantCulture),
        _ => table.Parameters.GetValueOrDefault(field[Parameters.Length..]),
    });

    private static bool Compare(string? found, string operation, string value)
    {
        // A comparison looks only at tables that have the parameter, the one for inequality too.
        if (found is null)
            return false;
        if (operation == "like")
            return Like(found, value);
        int order = long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long a) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(found, value);
        return operation switch
        {
            "=" => order == 0,
            "<>" or "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static bool Like(string found, string pattern) =>
        HiveNames.Fits(found, pattern.Replace("%", "*", StringComparison.Ordinal)) && (pattern.AsSpan().ContainsAny("*%.") || found == pattern);

    private sealed class Parser(IReadOnlyList<string> tokens, string text)
    {
        // Brackets inside each other; more is no filter that a client makes.
        private const int MaxDepth = 50;

        private readonly HashSet<string> _fields = new(StringComparer.Ordinal);
        private int _next, _depth;

        public IReadOnlySet<string> Fields => _fields;

        public Func<Func<string, string?>, bool> ParseAll()
        {
            var all = ParseOr();
            return _next == tokens.Count ? all : throw Wrong();
        }

        private Func<Func<string, string?>, bool> ParseOr()
        {
            var left = ParseAnd();
            while (TryTake("or"))
            {
                var (first, second) = (left, ParseAnd());
                left = get => first(get) || second(get);
            }

            return left;
        }

        private Func<Func<string, string?>, bool> ParseAnd()
        {
            var left = ParseOne();
            while (TryTake("and"))
            {
                var (first, second) = (left, ParseOne());
                left = get => first(get) && second(get);
            }

            return left;
        }

        private Func<Func<string, string?>, bool> ParseOne()
        {
            if (TryTake("("))
            {
                if (++_depth > MaxDepth)
                    throw Wrong();
                var inside = ParseOr();
                _depth--;
                return TryTake(")") ? inside : throw Wrong();
            }

            string field = Take();
            if (field is not (Owner or LastAccess) && !(field.StartsWith(Parameters, StringComparison.Ordinal) && field.Length > Parameters.Length))
                throw Wrong();
            _fields.Add(field);
            string operation = Take().ToLowerInvariant();
            if (operation is not ("=" or "<>" or "!=" or "<" or "<=" or ">" or ">=" or "like"))
                throw Wrong();
            string value = Take();
            if (value[0] is '"' or '\'')
                value = value[1..^1];
            else if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                throw Wrong();
            return get => Compare(get(field), operation, value);
        }

        private bool TryTake(string word)
        {
            if (_next >= tokens.Count || !string.Equals(tokens[_next], word, StringComparison.OrdinalIgnoreCase))
                return false;
            _next++;
            return true;
        }

        private string Take() => _next < tokens.Count ? tokens[_next++] : throw Wrong();

        private HiveFault Wrong() => new(HiveExceptionKind.Meta, _next < tokens.Count
            ? $"Error parsing partition filter: no viable alternative at input '{tokens[_next]}' in '{text}'"
            : $"Error parsing partition filter: unexpected end in '{text}'");
    }
}
