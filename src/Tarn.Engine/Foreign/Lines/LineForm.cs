using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>How files of lines are read: equal <see cref="Key"/>s say that two files are read in one way.</summary>
/// <param name="Format">Text, CSV or JSON.</param>
/// <param name="Columns">Columns in the order of the files.</param>
/// <param name="Types">Their types in Hive's words.</param>
/// <param name="Options">Options of the format.</param>
internal sealed record LineForm(ForeignFormat Format, IReadOnlyList<NestedField> Columns, IReadOnlyList<HiveType> Types, IReadOnlyDictionary<string, string> Options)
{
    private const string HeaderLinesOption = "skip.header.line.count";

    private static readonly string[] s_used =
    [
        HeaderLinesOption, "field.delim", "serialization.format", "collection.delim", "colelction.delim", "mapkey.delim", "escape.delim", "serialization.null.format",
        "separatorChar", "quoteChar", "escapeChar",
    ];

    /// <summary>Lines at the start of each file that are no rows.</summary>
    public int HeaderLines { get; } = !Options.TryGetValue(HeaderLinesOption, out string? text) ? 0
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count
        : throw TarnException.Corrupted($"{HeaderLinesOption} is '{text}'; it is a number of lines.");

    /// <summary>Equal for files that one reader reads.</summary>
    public string Key { get; } = $"{Format} {string.Join(',', Columns.Select(c => c.Id))} {string.Join('\0', s_used.Select(o => Options.GetValueOrDefault(o)))}";

    /// <summary>A decoder of the wanted columns.</summary>
    public ILineDecoder NewDecoder(IReadOnlyList<LineColumn> wanted) => Format switch
    {
        ForeignFormat.Text => new SimpleLineDecoder(Separators.Of(Options), wanted),
        ForeignFormat.Csv => new CsvLineDecoder(Options, wanted),
        ForeignFormat.Json => new JsonLineDecoder(wanted),
        _ => throw new TarnException(ErrorKind.Internal, $"Files of format {Format} are not read line by line."),
    };
}
