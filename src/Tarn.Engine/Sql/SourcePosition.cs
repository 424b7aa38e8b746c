namespace Tarn.Engine.Sql;

/// <summary>A place in a SQL text: <paramref name="Offset"/> counts UTF-16 units from 0, line and column count from 1.</summary>
public readonly record struct SourcePosition(int Offset, int Line, int Column)
{
    /// <summary><c>line:column</c>, as messages show it.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
