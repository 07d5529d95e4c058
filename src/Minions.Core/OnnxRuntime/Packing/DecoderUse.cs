namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>What open sequences and runs in flight hold of a model; all zero when there are none.</summary>
/// <param name="CacheBytes">The keys and values of open sequences, in bytes.</param>
/// <param name="Rented">Memory and bindings that are rented, by number.</param>
/// <param name="Slots">Slots that are bound to the cache of a text.</param>
internal readonly record struct DecoderUse(long CacheBytes, int Rented, int Slots);
