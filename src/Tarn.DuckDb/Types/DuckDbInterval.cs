namespace Tarn.DuckDb.Types;

/// <summary>INTERVAL: three counts that do not convert into each other, because months and days differ in length.</summary>
public readonly record struct DuckDbInterval(int Months, int Days, long Micros);
