using System.Text.RegularExpressions;
using Loader = System.Runtime.InteropServices.NativeLibrary;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// What ONNX Runtime's CUDA provider needs of a machine, and which of it is not there. The system's loader names the first library only that it
/// misses.
/// </summary>
internal static partial class CudaRequirements
{
    // What the packages for GPUs of this version are built for, where a message does not tell.
    private const string UsualCuda = "13";
    private const string Cudnn = "9";

    /// <summary>Says in words what a failure of the provider came from.</summary>
    /// <param name="fault">What ONNX Runtime says.</param>
    /// <param name="isWindows">Whether libraries are called as on Windows.</param>
    /// <param name="loads">Whether the system can load a library of a name.</param>
    /// <returns>What is missing; or the last part of what ONNX Runtime says, where everything is there.</returns>
    public static string Explain(string fault, bool isWindows, Func<string, bool> loads)
    {
        string reason = ReasonOf(fault);
        Match library = NotFound().Match(reason);
        string name = library.Success ? Path.GetFileName(library.Groups["library"].Value) : "";
        if (name.StartsWith("libonnxruntime_providers", StringComparison.Ordinal))
            return $"the provider library {name} is not beside the native library of ONNX Runtime: copy all files of the package's runtimes folder";

        string cuda = CudaLibrary().Match(name) is { Success: true } known ? known.Groups["version"].Value : UsualCuda;
        List<string> missing = [.. Parts(cuda, isWindows).Where(part => !part.Libraries.All(loads)).Select(part => Describe(part, loads))];
        if (library.Success && !missing.Exists(part => part.Contains(name, StringComparison.Ordinal)))
            missing.Add(name);
        return missing.Count > 0 ? $"this machine lacks {string.Join(", ", missing)}" : reason;
    }

    /// <summary>The same for this machine.</summary>
    public static string Explain(string fault) => Explain(fault, OperatingSystem.IsWindows(), Loads);

    /// <summary>What keeps models from a GPU, of a fault that says so; <see langword="null"/> of another.</summary>
    public static string? ObstacleIn(ModelLoadException fault) => Obstacle().Match(fault.Message) is { Success: true } found ? found.Groups["why"].Value : null;

    /// <summary>Says that a model cannot run on a GPU.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="why">What keeps it from there.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="cause">The cause.</param>
    public static ModelLoadException Unavailable(string folder, string why, string advice, Exception? cause) =>
        new($"Model '{folder}' cannot run on CUDA: {why}. {advice}", folder, cause);

    /// <summary>Whether a failure to open a session was CUDA's, not the model's.</summary>
    public static bool IsAtFault(string fault) => CudaFailure().IsMatch(fault);

    private static (string Name, string[] Libraries)[] Parts(string cuda, bool isWindows) => isWindows
        ?
        [
            ("the NVIDIA driver", ["nvcuda.dll"]),
            ($"CUDA {cuda}", [$"cudart64_{cuda}.dll", $"cublas64_{cuda}.dll", $"cublasLt64_{cuda}.dll"]),
            ($"cuDNN {Cudnn}", [$"cudnn64_{Cudnn}.dll"]),
        ]
        :
        [
            ("the NVIDIA driver", ["libcuda.so.1"]),
            ($"CUDA {cuda}", [$"libcudart.so.{cuda}", $"libcublas.so.{cuda}", $"libcublasLt.so.{cuda}", "libcurand.so.10"]),
            ($"cuDNN {Cudnn}", [$"libcudnn.so.{Cudnn}"]),
        ];

    private static string Describe((string Name, string[] Libraries) part, Func<string, bool> loads) =>
        $"{part.Name} ({string.Join(", ", part.Libraries.Where(library => !loads(library)))})";

    private static bool Loads(string library)
    {
        if (!Loader.TryLoad(library, out nint handle))
            return false;

        Loader.Free(handle);
        return true;
    }

    // ONNX Runtime puts its own source file and function before what failed.
    private static string ReasonOf(string fault)
    {
        Match last = StatusPrefix().Matches(fault).LastOrDefault() ?? Match.Empty;
        string reason = fault[(last.Index + last.Length)..].Trim();

        // What follows a semicolon is the machine's name and places in ONNX Runtime's source.
        return reason.Split('\n', 2)[0].Split(" ; ", 2)[0].TrimEnd('\r', ' ', '.');
    }

    [GeneratedRegex(@"\[ONNXRuntimeError\] : -?\d+ : \w+ : |^\[ErrorCode:\w+\] ")]
    private static partial Regex StatusPrefix();

    [GeneratedRegex(@"(?<library>[^\s""]+): cannot open shared object file")]
    private static partial Regex NotFound();

    [GeneratedRegex(@"^lib(cudart|cublas|cublasLt)\.so\.(?<version>\d+)$")]
    private static partial Regex CudaLibrary();

    [GeneratedRegex(@" cannot run on CUDA: (?<why>.*?)\. (Package|Reference) ", RegexOptions.Singleline)]
    private static partial Regex Obstacle();

    [GeneratedRegex(@"\b(CUDA|CUDNN|CUBLAS) (failure|error)\b|\bcudaError", RegexOptions.IgnoreCase)]
    private static partial Regex CudaFailure();
}
