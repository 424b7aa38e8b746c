using System.Globalization;
using Tarn.Engine.Types;

namespace Tarn.Engine.Ingest;

/// <summary>How a file of delimited text is written.</summary>
/// <param name="Delimiter">What separates values.</param>
/// <param name="Quote">What encloses values that hold delimiters; empty when the file has none.</param>
/// <param name="Escape">What stands before a quote inside of quotes.</param>
/// <param name="HasHeader">Whether the first line holds names.</param>
/// <param name="Columns">Names, and the engine's types that fit the rows looked at.</param>
internal sealed record CsvDialect(string Delimiter, string Quote, string Escape, bool HasHeader, IReadOnlyList<(string Name, string Type)> Columns)
{
    /// <summary>
    /// What stands behind FROM: every column as text. The engine's own conversion while reading rounds fractions, cuts times off dates and
    /// drops leading zeros without a word; <see cref="TextValue"/> does not. An empty value is NULL, or an empty text in quotes.
    /// </summary>
    public string FromSql(SourceFile file, string options = "")
    {
        string columns = string.Join(", ", Columns.Select(c => $"{EngineSql.String(c.Name)}: 'VARCHAR'"));
        return string.Create(CultureInfo.InvariantCulture,
            $"read_csv({EngineSql.String(file.Path)}, auto_detect = false, delim = {EngineSql.String(Delimiter)}, quote = {EngineSql.String(Quote)}, escape = {EngineSql.String(Escape)}, comment = '', allow_quoted_nulls = false, skip = {file.SkippedLines}, header = {HasHeader}, compression = '{file.Compression}', encoding = '{file.Encoding}', columns = {{{columns}}}{options})");
    }
}
