using System.Runtime.CompilerServices;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>One rendering: its variables, its clock and what it has used of its limits. For one thread.</summary>
internal sealed class RenderRun
{
    // The unit of the limit is a step. What takes less than an evaluation is counted in parts of one.
    private const int WorkPerStep = 64;
    private const int WorkPerCharacter = 8;
    private const int WorkPerPiece = 8;

    // What a string and its value take besides the characters, in characters.
    private const int TextOverhead = 32;

    // A step takes about a tenth of a microsecond, so that cancellation is seen within one of a millisecond.
    private const long WorkBetweenChecks = 1024 * WorkPerStep;

    private readonly Dictionary<string, Value> _variables = new(StringComparer.Ordinal);
    private readonly ChatTemplateOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly long _maximumWork;
    private long _work;
    private long _nextCheck;
    private long _totalLength;
    private int _depth;

    public RenderRun(ChatTemplateOptions options, CancellationToken cancellation = default)
    {
        (_options, _cancellation) = (options, cancellation);
        _maximumWork = Math.Min(options.MaximumSteps, long.MaxValue / (4 * WorkPerStep)) * WorkPerStep;
        Comparer = new ValueComparer(this);
    }

    public DateTimeOffset Now => _options.TimeProvider.GetLocalNow();

    public int MaximumLength => _options.MaximumLength;

    /// <summary>How many steps were taken.</summary>
    public long Steps => _work / WorkPerStep;

    /// <summary>How many characters the texts have that were made.</summary>
    public long TotalLength => _totalLength;

    /// <summary>Compares keys at the cost of this rendering.</summary>
    public ValueComparer Comparer { get; }

    public void Define(string name, Value value) => _variables[name] = value;

    public Value? Resolve(string name) => _variables.GetValueOrDefault(name);

    /// <summary>Counts an evaluation. Its place on the stack is looked at too, as a tree can be deep without a call.</summary>
    public void Step()
    {
        Charge(WorkPerStep);
        EnsureStack();
    }

    /// <summary>Counts the items that an operation goes over at once.</summary>
    public void ChargeItems(long items) => Charge(items <= _maximumWork / WorkPerStep ? items * WorkPerStep : _maximumWork + 1);

    /// <summary>Counts characters that are handled as a whole: copied, compared or searched.</summary>
    public void ChargeText(long characters) => Charge(characters);

    /// <summary>Counts characters that are looked at one by one.</summary>
    public void ChargeCharacters(long characters) => Charge(characters * WorkPerCharacter);

    /// <summary>Counts an operation on two integers that takes the product of their lengths.</summary>
    public void ChargeProduct(long bits, long otherBits) => Charge((bits / 32) * (otherBits / 32));

    /// <summary>Counts the reading or writing of a number of so many decimal digits.</summary>
    public void ChargeDigits(long digits) => ChargeProduct(digits * 10 / 3, digits * 10 / 3);

    /// <summary>Counts a string that comes to be, before it does.</summary>
    public void MakeText(long characters)
    {
        AddLength(characters + TextOverhead);
        Charge(characters + WorkPerPiece);
    }

    /// <summary>Counts a piece that is added to a text.</summary>
    public void GrowText(int characters)
    {
        AddLength(characters);
        Charge(characters + WorkPerPiece);
    }

    public void EnterCall()
    {
        if (++_depth > _options.MaximumDepth)
            throw TemplateFault.Limit($"calls are nested deeper than {_options.MaximumDepth}");
        EnsureStack();
    }

    public void LeaveCall() => _depth--;

    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TemplateFault.Limit("the template is nested too deeply for the stack of this thread");
    }

    private void Charge(long work)
    {
        if ((_work += work) >= _nextCheck)
            Check();
    }

    private void Check()
    {
        if (_work > _maximumWork)
            throw TemplateFault.Limit($"the template takes more than {_options.MaximumSteps} steps");
        _cancellation.ThrowIfCancellationRequested();
        _nextCheck = Math.Min(_work + WorkBetweenChecks, _maximumWork + 1);
    }

    private void AddLength(long characters)
    {
        if ((_totalLength += characters) > _options.MaximumTotalLength)
            throw TemplateFault.Limit($"the template makes more than {_options.MaximumTotalLength} characters of text altogether");
    }
}
