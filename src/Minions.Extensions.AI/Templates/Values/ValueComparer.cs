using System.Diagnostics.CodeAnalysis;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Compares keys of a dictionary as Python does: 1, 1.0 and true are one key.</summary>
internal sealed class ValueComparer(RenderRun run) : IEqualityComparer<Value>
{
    public bool Equals(Value? one, Value? other)
    {
        // Keys can be chosen so that many have one hash.
        run.ChargeCharacters(1);
        return ReferenceEquals(one, other) || (one is not null && other is not null && one.Equals(other, run));
    }

    // Hashes of numbers are known beforehand, so that keys could be chosen for one bucket; what becomes of them here is not.
    public int GetHashCode([DisallowNull] Value value) => HashCode.Combine(value.Hash(run));
}
