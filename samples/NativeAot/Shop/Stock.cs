namespace NativeAot.Shop;

/// <summary>How many pieces of an item there are.</summary>
internal sealed record Stock(string Item, int Pieces);
