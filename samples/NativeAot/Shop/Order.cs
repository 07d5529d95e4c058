namespace NativeAot.Shop;

/// <summary>What is known of an order.</summary>
internal sealed record Order(int Number, string State, string Day);
