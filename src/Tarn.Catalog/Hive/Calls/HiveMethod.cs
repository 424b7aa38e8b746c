using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>A call of the definition: its name, who answers it, and which exceptions it declares.</summary>
/// <param name="Name">As in the definition.</param>
/// <param name="Handle">Answers it.</param>
/// <param name="Throws">The kinds of its <c>throws</c> clause; their ids are 1, 2, 3 … in every call of the definition.</param>
internal sealed record HiveMethod(string Name, HiveHandler Handle, params IReadOnlyList<HiveExceptionKind> Throws)
{
    /// <summary>Whether it may be called by anybody: it shows and changes nothing.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether no answer is sent.</summary>
    public bool IsOneway { get; init; }

    /// <summary>Under which id an exception is sent; MetaException stands in for kinds that the call does not declare. Null when it declares neither.</summary>
    public short? FindId(HiveExceptionKind kind) => Id(kind) ?? Id(HiveExceptionKind.Meta);

    private short? Id(HiveExceptionKind kind)
    {
        for (int i = 0; i < Throws.Count; i++)
        {
            if (Throws[i] == kind)
                return (short)(i + 1);
        }

        return null;
    }
}
