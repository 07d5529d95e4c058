using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>
/// The variables of one run of the template or of one call of a macro, by slots. A slot is empty while its variable is not set. What is defined inside
/// of it keeps it as its outer one and sees what changes there, as closures in Python do.
/// </summary>
internal sealed class Activation
{
    private readonly Value?[] _slots;
    private readonly Activation? _outer;

    public Activation(RenderRun run, Activation? outer, int slots)
    {
        run.ChargeItems(slots);
        (Run, _outer, _slots) = (run, outer, new Value?[slots]);
    }

    public RenderRun Run { get; }

    public Value? this[SlotReference reference]
    {
        get => At(reference.Hops)._slots[reference.Slot];
        set => At(reference.Hops)._slots[reference.Slot] = value;
    }

    private Activation At(int hops)
    {
        Activation activation = this;
        for (; hops > 0; hops--)
            activation = activation.Outer;
        return activation;
    }

    private Activation Outer => _outer ?? throw new InvalidOperationException("The scope analysis counted more functions than there are.");
}

/// <summary>Where a variable is kept: so many functions further out, in this slot.</summary>
internal readonly record struct SlotReference(int Hops, int Slot);

/// <summary>What fills the variables of a block each time it is entered.</summary>
internal sealed class ScopeEntry(IReadOnlyList<SlotLoad> loads)
{
    public static ScopeEntry None { get; } = new([]);

    public void Enter(Activation activation)
    {
        activation.Run.ChargeItems(loads.Count);
        foreach (SlotLoad load in loads)
        {
            activation[load.Target] = load switch
            {
                { Source: { } source } => activation[source],
                { Name: { } name } => activation.Run.Resolve(name) ?? Builtins.Globals.Find(name),
                _ => null,
            };
        }
    }
}

/// <summary>One variable to be filled: from another variable, from what the caller gave by its name, or not at all.</summary>
internal readonly record struct SlotLoad(SlotReference Target, SlotReference? Source, string? Name);
