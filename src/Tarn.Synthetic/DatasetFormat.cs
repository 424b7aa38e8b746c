namespace Tarn.Synthetic;

/// <summary>How rows are written.</summary>
public enum DatasetFormat
{
    /// <summary>RFC 4180 with a header line, line feeds and UTF-8; a missing value is an empty field.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>One JSON array of objects, an object a line.</summary>
    Json,
}
