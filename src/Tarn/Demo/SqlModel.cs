using System.Text;

namespace Tarn.Demo;

/// <summary>A step of the demo in SQL: a file of this folder, built into the program.</summary>
internal static class SqlModel
{
    /// <summary>The text of <c>Demo/NAME.sql</c>.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(SqlModel).Assembly.GetManifestResourceStream($"Tarn.Demo.{name}.sql")
            ?? throw new ArgumentException($"There is no model '{name}'.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
