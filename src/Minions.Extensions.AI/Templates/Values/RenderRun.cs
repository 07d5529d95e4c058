using System.Runtime.CompilerServices;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>One rendering: its variables, its clock and what it has used of its limits. For one thread.</summary>
internal sealed class RenderRun(IReadOnlyDictionary<string, Value> variables, TimeProvider clock, int maximumLength, int maximumDepth, long maximumSteps)
{
    // Copying text is so much cheaper than evaluating that this many characters count as a step.
    private const int CharactersPerStep = 64;

    private long _steps;
    private int _depth;

    public DateTimeOffset Now => clock.GetLocalNow();

    public int MaximumLength => maximumLength;

    public Value? Resolve(string name) => variables.GetValueOrDefault(name);

    /// <summary>Counts an evaluation. Its place on the stack is looked at too, as a tree can be deep without a call.</summary>
    public void Step()
    {
        if (++_steps > maximumSteps)
            throw TemplateFault.Limit($"the template takes more than {maximumSteps} steps");
        EnsureStack();
    }

    /// <summary>Counts the items that an operation goes over at once.</summary>
    public void ChargeItems(long items)
    {
        if ((_steps += items) > maximumSteps)
            throw TemplateFault.Limit($"the template takes more than {maximumSteps} steps");
    }

    /// <summary>Counts the characters that an operation goes over at once.</summary>
    public void ChargeText(int characters) => ChargeItems(characters / CharactersPerStep);

    public void EnterCall()
    {
        if (++_depth > maximumDepth)
            throw TemplateFault.Limit($"calls are nested deeper than {maximumDepth}");
        EnsureStack();
    }

    public void LeaveCall() => _depth--;

    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TemplateFault.Limit("the template is nested too deeply for the stack of this thread");
    }
}
