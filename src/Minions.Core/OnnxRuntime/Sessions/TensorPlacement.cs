using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// Where a session reads its inputs and leaves its outputs. A session for a device may run some operators on the CPU, and a binding copies what lies
/// elsewhere once, when it is bound: memory that many runs share must lie where they want it.
/// </summary>
internal sealed class TensorPlacement
{
    private readonly HashSet<string> _onDevice;

    private TensorPlacement(IEnumerable<string> onDevice) => _onDevice = onDevice.ToHashSet(StringComparer.Ordinal);

    /// <summary>Everything in the host's memory.</summary>
    public static TensorPlacement Host { get; } = new([]);

    /// <summary>Some tensors on the device, all others in the host's memory.</summary>
    public static TensorPlacement OnDevice(IEnumerable<string> names) => new(names);

    /// <summary>Reads it from a session.</summary>
    public static TensorPlacement Of(InferenceSession session)
    {
        using IDisposableReadOnlyCollection<OrtMemoryInfo> inputs = session.GetMemoryInfosForInputs();
        using IDisposableReadOnlyCollection<OrtMemoryInfo> outputs = session.GetMemoryInfosForOutputs();
        return new(Outside(session.InputNames, inputs).Concat(Outside(session.OutputNames, outputs)));
    }

    public bool IsOnHost(string name) => !_onDevice.Contains(name);

    private static IEnumerable<string> Outside(IReadOnlyList<string> names, IReadOnlyCollection<OrtMemoryInfo> memory) =>
        names.Zip(memory).Where(pair => pair.Second.GetDeviceMemoryType() != OrtDeviceMemoryType.HOST_ACCESSIBLE && pair.Second.GetDeviceType() != OrtMemoryInfoDeviceType.CPU).Select(pair => pair.First);
}
