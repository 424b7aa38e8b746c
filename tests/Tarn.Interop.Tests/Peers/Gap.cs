namespace Tarn.Interop.Tests.Peers;

/// <summary>Something that a foreign reader cannot do, on tables that another reader reads right.</summary>
/// <param name="Key">A table, or a table and the number of a snapshot.</param>
/// <param name="Error">Part of the error it answers; null when it answers rows.</param>
/// <param name="Rewrite">What it makes of a row; null when it answers an error.</param>
internal sealed record Gap(string Key, string? Error, Func<string, string>? Rewrite)
{
    /// <summary>It refuses the table.</summary>
    public static Gap Refused(string key, string error) => new(key, error, null);

    /// <summary>It answers rows that differ in this way.</summary>
    public static Gap Differs(string key, Func<string, string> rewrite) => new(key, null, rewrite);
}
