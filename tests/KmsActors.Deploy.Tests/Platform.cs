using System.Runtime.Versioning;

// As what is tested.
[assembly: UnsupportedOSPlatform("windows")]
