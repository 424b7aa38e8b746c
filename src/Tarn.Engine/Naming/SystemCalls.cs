namespace Tarn.Engine.Naming;

/// <summary>Calls of table functions of a catalog, such as <c>system.catalog_search('orders')</c>, as names of tables.</summary>
internal static class SystemCalls
{
    private const string Mark = "\u0001of:";

    /// <summary>The name that stands for a call.</summary>
    public static string NameOf(string function, string argument) => function + Mark + argument;

    /// <summary>The function and its argument when a name stands for a call, else null.</summary>
    public static (string Function, string Argument)? Of(string name)
    {
        int at = name.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? null : (name[..at], name[(at + Mark.Length)..]);
    }
}
