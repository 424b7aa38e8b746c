namespace Tarn.Engine.Ingest;

/// <summary>Formats that can be brought in.</summary>
public enum SourceFormat
{
    /// <summary>Text with delimiters; delimiter, quotes and header are found out.</summary>
    Csv,

    /// <summary>JSON: an array of objects, or objects one after another.</summary>
    Json,

    /// <summary>One JSON object per line.</summary>
    Ndjson,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
