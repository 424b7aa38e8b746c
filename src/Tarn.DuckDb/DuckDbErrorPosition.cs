namespace Tarn.DuckDb;

/// <summary>A place in the text of a statement.</summary>
/// <param name="Line">From 1; CR, LF and CR LF each end a line.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Offset">The index into the statement's text, from 0, in UTF-16 units.</param>
public readonly record struct DuckDbErrorPosition(int Line, int Column, int Offset);
