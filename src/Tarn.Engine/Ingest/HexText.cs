namespace Tarn.Engine.Ingest;

/// <summary>SQL that reads bytes from text: hexadecimal digits, two for each byte, as they are exported, behind <c>\x</c> or <c>0x</c> if need be.</summary>
internal static class HexText
{
    private const string Mark = @"(\\x|0[xX])";

    /// <summary>The bytes of a text that is not bad.</summary>
    public static string Bytes(string text) => $"unhex(regexp_replace({text}, '^{Mark}', ''))";

    /// <summary>True for texts that are no whole bytes in hexadecimal; NULL for NULL.</summary>
    public static string IsBad(string text) => $"(NOT regexp_full_match({text}, '{Mark}?([0-9A-Fa-f]{{2}})*'))";
}
